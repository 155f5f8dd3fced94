#pragma once
// Aggregates: of the rows of a group, each computed at once when all of them are there.

#include <set>
#include <string>
#include <vector>

#include "interpreter.hpp"

namespace escudo::twin {

// The group's rows in order. A row may stand in it more than once: a multivalued BY field.
Value aggregated(const spl::Aggregate& aggregate, const std::vector<const Row*>& rows,
                 const std::set<std::string>& names, base::Time now);
// What it is of no rows at all.
Value aggregated_nothing(const spl::Aggregate& aggregate);

// The aggregates with every wildcard replaced by the fields it stands for.
std::vector<spl::Aggregate> without_wildcards(const std::vector<spl::Aggregate>& aggregates,
                                              const std::set<std::string>& names,
                                              const std::vector<std::string>& by);

// Each combination of the values of the BY fields; none when one is missing.
std::vector<std::vector<Value>> keys_of(const Row& row, const std::vector<std::string>& by);

// Keys put in order, as groups come out.
struct KeyOrder {
  bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const;
};

}  // namespace escudo::twin
