// nomv: a multivalue becomes one text, a line a value.
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

OperatorPtr make_nomv(const spl::NoMv& verb, const Build&) {
  return row_wise([field = verb.field](Table& rows) {
    const std::size_t column = rows.find(field);
    if (column == Table::npos) return;
    for (Row& row : rows.rows)
      if (row.cells[column].is_many()) row.cells[column] = Value(row.cells[column].text());
  });
}

}  // namespace escudo::pipeline
