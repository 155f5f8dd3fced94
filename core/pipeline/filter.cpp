#include "pipeline/filter.hpp"

#include <algorithm>
#include <iterator>

#include "pipeline/ops/row_filter.hpp"

namespace escudo::pipeline {

void keep_matching(Table& rows, const spl::SearchExpr& expr) {
  RowFilter filter(expr);
  filter.bind(rows.columns);
  std::erase_if(rows.rows, [&](const Row& row) { return !filter.matches(row); });
}

Table matching(const Table& rows, const spl::SearchExpr& expr) {
  Table out{rows.columns, {}, rows.key};
  RowFilter filter(expr);
  filter.bind(rows.columns);
  std::ranges::copy_if(rows.rows, std::back_inserter(out.rows), [&](const Row& row) { return filter.matches(row); });
  return out;
}

}  // namespace escudo::pipeline
