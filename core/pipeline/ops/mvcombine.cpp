// mvcombine: rows that are equal but for one field become one row with all its values. Holds all
// rows. `delim` shows only where a multivalue is turned into one text, which nomv does with
// newlines.
#include <unordered_map>

#include "pipeline/ops/multivalue.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

void combine(Table& rows, const std::string& field) {
  const std::size_t column = rows.find(field);
  if (column == Table::npos) return;
  std::erase(rows.key, field);
  std::unordered_map<std::string, std::size_t> first;  // where the combined row stands
  std::vector<Row> out;
  std::vector<Value::Many> values;
  for (Row& row : rows.rows) {
    std::string key;
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      if (c != column) append_key(key, row.cells[c]);
    const auto [at, fresh] = first.try_emplace(std::move(key), out.size());
    if (fresh) {
      values.emplace_back();
      append_values(values.back(), row.cells[column]);
      out.push_back(std::move(row));
    } else {
      append_values(values[at->second], row.cells[column]);
      out[at->second].evidence.merge(row.evidence);
    }
  }
  for (std::size_t r = 0; r < out.size(); ++r)
    if (values[r].size() > 1) out[r].cells[column] = Value::many(std::move(values[r]));
  rows.rows = std::move(out);
}

}  // namespace

OperatorPtr make_mvcombine(const spl::MvCombine& verb, const Build&) {
  return whole_table([field = verb.field](Table& rows) { combine(rows, field); });
}

}  // namespace escudo::pipeline
