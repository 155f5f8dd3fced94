// Commands without effect in a native run, and those Escudo knows but does not run
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {
void skip_arguments(Parser& p) {
  int depth = 0;
  while (!p.failed()) {
    const Token token = p.peek();
    if (token.is(TokenKind::end) || (depth == 0 && p.at_end())) return;
    if (token.is(TokenKind::left_bracket)) ++depth;
    if (token.is(TokenKind::right_bracket)) --depth;
    p.take();
  }
}
}  // namespace

Verb parse_noop(Parser& p) {
  skip_arguments(p);
  return Noop{};
}

Verb parse_unsupported(Parser& p) {
  skip_arguments(p);
  return Unsupported{};
}

}  // namespace escudo::spl::verbs
