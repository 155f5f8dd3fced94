#pragma once
// Access: which predicates to wait for before a condition is worth evaluating. Pure function.

#include <functional>
#include <optional>
#include <vector>

#include "match/condition.hpp"
#include "match/value_index.hpp"

namespace escudo::match {

struct Access {
  std::vector<PredicateId> any;   // the condition can only hold where one of these does
  double cost = 0;                // how often that is, by `frequency`
};

// The rarest such list of predicates that the index covers; nothing when the condition may hold
// without any.
std::optional<Access> rarest_access(const Condition& condition, const PredicateIndex& index,
                                    const std::function<double(PredicateId)>& frequency);

}  // namespace escudo::match
