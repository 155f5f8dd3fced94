// rename: pairs work left to right on the names the rows came with; the first pair that matches a
// name takes it (the reading of docs/spl.md). A target that exists already is replaced: by a wildcard
// in the rows that have the field renamed, so that what a row becomes never depends on other rows.
#include <algorithm>

#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {
namespace {

void rename_columns(Table& table, const std::vector<spl::FieldPair>& pairs) {
  const std::size_t n = table.columns.size();
  std::vector<std::string> names = table.columns;
  std::vector<bool> taken(n, false), by_wildcard(n, false), dropped(n, false);
  std::vector<std::string> nulled;
  for (const spl::FieldPair& pair : pairs) {
    bool matched = false;
    for (std::size_t c = 0; c < n; ++c) {
      if (taken[c]) continue;
      auto name = spl::renamed(pair, table.columns[c]);
      if (!name) continue;
      matched = taken[c] = true;
      by_wildcard[c] = pair.from.find('*') != std::string::npos;
      names[c] = std::move(*name);
    }
    // Renaming a field no row has makes the target null where it existed.
    if (!matched && pair.from.find('*') == std::string::npos) nulled.push_back(pair.to);
  }
  for (std::size_t c = 0; c < n; ++c) {
    if (!taken[c]) continue;
    for (std::size_t other = 0; other < n; ++other)
      if (other != c && names[other] == names[c] && (!taken[other] || other < c)) {
        dropped[other] = true;
        if (by_wildcard[c])
          for (Row& row : table.rows)
            if (row.cells[c].is_null()) row.cells[c] = std::move(row.cells[other]);
      }
  }
  for (const std::string& name : nulled)
    for (std::size_t c = 0; c < n; ++c)
      if (!taken[c] && names[c] == name) dropped[c] = true;
  for (std::string& key : table.key) {
    auto at = std::find(table.columns.begin(), table.columns.end(), key);
    if (at != table.columns.end())
      key = names[static_cast<std::size_t>(at - table.columns.begin())];
  }
  table.columns = std::move(names);
  if (std::find(dropped.begin(), dropped.end(), true) == dropped.end()) return;
  std::vector<std::size_t> keep;
  for (std::size_t c = 0; c < n; ++c)
    if (!dropped[c]) keep.push_back(c);
  table.project(keep);
}

}  // namespace

OperatorPtr make_rename(const spl::Rename& verb, const Build&) {
  return row_wise([pairs = verb.pairs](Table& rows) { rename_columns(rows, pairs); });
}

}  // namespace escudo::pipeline
