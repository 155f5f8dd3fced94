// replace PATTERN with TEXT [, PATTERN with TEXT …] [in FIELDS]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_replace(Parser& p) {
  Replace out;
  Parser::Clauses clauses(p, {"in"});
  p.skip_commas();
  while (!p.failed() && !p.at_end() && !p.is_clause_word(p.peek())) {
    FieldPair pair;
    const Token first = p.peek();
    pair.from = p.name_token();
    if (p.failed()) break;
    if (!p.accept_word("with")) {
      p.fail(p.peek().span, "syntax", "`with` was expected after the text to replace", "write replace old with new in field");
      break;
    }
    pair.to = p.name_token();
    pair.span = {first.span.begin, p.last_span().end};
    out.pairs.push_back(std::move(pair));
    p.skip_commas();
  }
  if (!p.failed() && p.accept_word("in")) out.fields = p.name_list();
  if (!p.failed() && out.pairs.empty()) p.fail(p.peek().span, "syntax", "replace names nothing to replace");
  return out;
}

}  // namespace escudo::spl::verbs
