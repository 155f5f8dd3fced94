// mvexpand: a row for each value of a multivalue; the other cells and the evidence are copied. Rows
// without a value stay. What told rows apart now needs the expanded field as well.
#include <algorithm>

#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

OperatorPtr make_mvexpand(const spl::MvExpand& verb, const Build&) {
  return row_wise([field = verb.field, limit = verb.limit](Table& rows) {
    const std::size_t column = rows.find(field);
    if (column == Table::npos) return;
    if (!rows.key.empty() && std::find(rows.key.begin(), rows.key.end(), field) == rows.key.end())
      rows.key.push_back(field);
    if (std::none_of(rows.rows.begin(), rows.rows.end(),
                     [&](const Row& row) { return row.cells[column].is_many(); }))
      return;
    std::vector<Row> out;
    for (Row& row : rows.rows) {
      if (!row.cells[column].is_many()) {
        out.push_back(std::move(row));
        continue;
      }
      Value::Many values = row.cells[column].as_many();
      if (limit > 0 && values.size() > static_cast<std::size_t>(limit))
        values.resize(static_cast<std::size_t>(limit));
      for (std::string& value : values) {
        row.cells[column] = Value(std::move(value));
        out.push_back(row);
      }
    }
    rows.rows = std::move(out);
  });
}

}  // namespace escudo::pipeline
