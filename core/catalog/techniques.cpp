// attack/techniques.csv and attack/tactics.csv of a content folder. Tested by
// tests/unit/catalog/techniques.cpp.

#include <algorithm>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "catalog/load.hpp"

namespace escudo::catalog {
namespace {

// The rows of a CSV file with exactly these columns; none when there is no such file.
std::vector<std::vector<std::string>> rows_of(const std::string& path,
                                              const std::vector<std::string>& columns,
                                              base::Diagnostics& problems) {
  if (base::file_size(path) == 0) return {};
  const auto complain = [&](std::string message) {
    base::Diagnostic d;
    d.code = "bad-attack-table";
    d.message = std::move(message);
    d.file = path;
    problems.push_back(std::move(d));
    return std::vector<std::vector<std::string>>{};
  };
  const auto text = base::read_file(path);
  if (!text) return complain(text.error());
  auto table = base::parse_csv(*text);
  if (!table) return complain(table.error());
  if (table->header != columns) return complain("its columns are not those of such a table");
  return std::move(table->rows);
}

}  // namespace

std::vector<Technique> read_techniques(const std::string& folder, base::Diagnostics& problems) {
  std::vector<Technique> out;
  const std::string path = base::join_path(folder, "techniques.csv");
  for (auto& row : rows_of(path, {"technique", "name", "tactics"}, problems)) {
    Technique technique{std::move(row[0]), std::move(row[1]), {}};
    for (std::string_view tactic : base::split(row[2], ' ')) {
      if (!tactic.empty()) technique.tactics.emplace_back(tactic);
    }
    out.push_back(std::move(technique));
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> read_tactics(const std::string& folder,
                                                              base::Diagnostics& problems) {
  std::vector<std::pair<std::string, std::string>> out;
  const std::string path = base::join_path(folder, "tactics.csv");
  for (auto& row : rows_of(path, {"tactic", "id"}, problems)) {
    out.emplace_back(std::move(row[0]), std::move(row[1]));
  }
  return out;
}

}  // namespace escudo::catalog
