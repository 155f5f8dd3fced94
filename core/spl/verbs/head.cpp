// head [N] [EXPRESSION] [keeplast=B] [null=B]; tail [N]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_head(Parser& p) {
  Head out;
  std::string name;
  Token value;
  if (p.peek().is(TokenKind::left_paren)) {
    out.condition = p.eval_expression();
    out.count = 0;
  }
  while (!p.failed() && !p.at_end()) {
    if (p.option(name, value)) {
      if (name == "limit") out.count = p.integer(value);
      else if (name == "keeplast") out.keep_last = p.boolean(value);
      else if (name == "null") out.null_is_true = p.boolean(value);
      else p.fail(value.span, "unknown-option", "head has no option " + name);
    } else {
      out.count = p.integer(p.take());
    }
  }
  return out;
}

Verb parse_tail(Parser& p) {
  Tail out;
  if (!p.at_end()) out.count = p.integer(p.take());
  return out;
}

}  // namespace escudo::spl::verbs
