#pragma once
// A search expression over rows that are already there.

#include "pipeline/row.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

// Drops the rows that do not match. A subsearch in the expression counts as true.
void keep_matching(Table& rows, const spl::SearchExpr& expr);
// A copy of those that match, for rows that others ask, too.
Table matching(const Table& rows, const spl::SearchExpr& expr);

}  // namespace escudo::pipeline
