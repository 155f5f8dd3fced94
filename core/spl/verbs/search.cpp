// search EXPRESSION
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_search(Parser& p) { return Search{p.search_expression()}; }

}  // namespace escudo::spl::verbs
