#pragma once
// What the rows of a subsearch mean as a filter: each row an AND of its columns, the rows an OR. A
// column named `search` or `query` is search text of its own. No row at all matches nothing.

#include <map>

#include "pipeline/row.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

// `plain` turns the names the search writes into those the rows carry.
spl::SearchExpr rows_as_filter(const Table& rows, const std::map<std::string, std::string>& plain,
                               std::uint64_t limit);

}  // namespace escudo::pipeline
