#include "compare/compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/json.hpp"

namespace escudo::twin {
namespace {

std::string shown(const Value& value) {
  // Sums beyond what a double tells apart depend on the order of adding.
  if (value.is_number() && std::fabs(value.as_number()) > 1e14) {
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", value.as_number());
    return text;
  }
  std::string out;
  const Value::Many all = value.values();
  if (all.size() > 1) out += '[';
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (k) out += ',';
    base::append_json_string(out, settled(all[k]));
  }
  if (all.size() > 1) out += ']';
  return out;
}

template <class Records>
std::string shown(const Fields& fields, const Records& records, std::uint64_t total) {
  std::string out = "{";
  for (const auto& [name, value] : fields) {
    if (value.is_null()) continue;
    if (out.size() > 1) out += ", ";
    base::append_json_string(out, name);
    out += ": " + shown(value);
  }
  out += "} of " + std::to_string(total) + ":";
  std::size_t n = 0;
  for (const auto& record : records)
    if (n++ < pipeline::Evidence::kKept) out += " " + std::to_string(record.number);
  return out;
}

}  // namespace

std::string settled(const std::string& text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.size() < 14) return text;
  const auto number = event::parse_number(text);
  if (!number) return text;
  char out[40];
  std::snprintf(out, sizeof out, "%.9g", *number);
  return out;
}

std::string difference(const pipeline::Table& engine, const Answer& answer) {
  std::vector<std::string> left, right;
  for (const pipeline::Row& row : engine.rows) {
    Fields fields;
    for (std::size_t c = 0; c < engine.columns.size(); ++c) fields[engine.columns[c]] = row.cells[c];
    left.push_back(shown(fields, row.evidence.records, row.evidence.total));
  }
  for (const Row& row : answer.rows) right.push_back(shown(row.fields, row.records, row.records.size()));
  if (left == right) return {};
  if (answer.ordered) {
    std::string out;
    for (const std::string& line : left) out += "  engine " + line + "\n";
    for (const std::string& line : right) out += "  twin   " + line + "\n";
    return out;
  }
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  std::vector<std::string> only_left, only_right;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(only_left));
  std::set_difference(right.begin(), right.end(), left.begin(), left.end(), std::back_inserter(only_right));
  std::string out;
  const auto list = [&](const char* who, const std::vector<std::string>& lines) {
    for (std::size_t k = 0; k < std::min<std::size_t>(lines.size(), 10); ++k) out += std::string("  only the ") + who + " " + lines[k] + "\n";
    if (lines.size() > 10) out += "  … and " + std::to_string(lines.size() - 10) + " more\n";
  };
  list("engine", only_left);
  list("twin", only_right);
  return out;
}

}  // namespace escudo::twin
