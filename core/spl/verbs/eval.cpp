// eval FIELD=EXPRESSION [, FIELD=EXPRESSION …]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_eval(Parser& p) {
  Eval out;
  while (!p.failed()) {
    Assignment next;
    next.field = p.name_token();
    next.span = p.last_span();
    if (p.failed()) break;
    const Token op = p.take(LexMode::eval);
    if (!op.is_op("=")) {
      p.fail(op.span, "eval-syntax", "`=` was expected after " + next.field, "write eval field = expression");
      break;
    }
    next.expr = p.eval_expression();
    next.span.end = p.last_span().end;
    out.assignments.push_back(std::move(next));
    if (p.failed() || !p.accept(TokenKind::comma, LexMode::eval)) break;
  }
  return out;
}

}  // namespace escudo::spl::verbs
