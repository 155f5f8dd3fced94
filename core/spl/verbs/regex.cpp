// regex [FIELD=|FIELD!=]"PATTERN"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_regex(Parser& p) {
  Regex out;
  Token first = p.take();
  if (p.peek().is_op("=") || p.peek().is_op("!=")) {
    out.field = p.text_of(first);
    out.negated = p.take().is_op("!=");
    first = p.take();
  }
  if (!first.is(TokenKind::quoted) && !first.is(TokenKind::word))
    p.fail(first.span, first.is(TokenKind::bad) ? "unclosed-quote" : "syntax",
           first.is(TokenKind::bad) ? "a quote is opened and never closed" : "regex has no pattern",
           "write regex field=\"pattern\"");
  out.pattern = unescape_regex(first.text);
  out.pattern_span = first.span;
  return out;
}

}  // namespace escudo::spl::verbs
