#pragma once
// Rules that ask for the same in other words: copies with every literal of every base search changed
// by a letter, so that they share no predicate with their originals but those that name a source.

#include <vector>

#include "catalog/catalog.hpp"
#include "rules/rule.hpp"

namespace escudo::bench {

// Rules that do not compile are left out.
std::vector<rules::RulePtr> altered_rules(const std::vector<rules::RulePtr>& rules,
                                          const catalog::Catalog& catalog);

}  // namespace escudo::bench
