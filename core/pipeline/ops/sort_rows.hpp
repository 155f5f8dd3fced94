#pragma once
// The order of sort, dedup sortby, top and transaction: numbers by size, then IPv4 addresses, then
// text byte by byte; rows that lack a field come last whichever way the key points. Stable.

#include "pipeline/row.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

// Sorts and keeps the first `keep` rows; 0 keeps all.
void sort_rows(Table& table, const std::vector<spl::SortKey>& keys, std::size_t keep = 0);

}  // namespace escudo::pipeline
