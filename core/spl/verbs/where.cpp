// where EVAL-EXPRESSION
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_where(Parser& p) { return Where{p.eval_expression()}; }

}  // namespace escudo::spl::verbs
