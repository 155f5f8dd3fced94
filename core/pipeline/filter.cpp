#include "pipeline/filter.hpp"

#include "pipeline/ops/row_filter.hpp"

namespace escudo::pipeline {

void keep_matching(Table& rows, const spl::SearchExpr& expr) {
  RowFilter filter(expr);
  filter.bind(rows.columns);
  std::erase_if(rows.rows, [&](const Row& row) { return !filter.matches(row); });
}

}  // namespace escudo::pipeline
