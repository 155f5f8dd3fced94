// table FIELDS; fields [+|-] FIELDS
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_table(Parser& p) {
  Table out{p.name_list()};
  if (!p.failed() && out.fields.empty()) p.fail(p.peek().span, "syntax", "table names no field");
  return out;
}

Verb parse_fields(Parser& p) {
  Fields out;
  if (p.accept_word("-")) out.remove = true;
  else (void)p.accept_word("+");
  // `fields -a` glues the sign to the first name.
  const Token first = p.peek();
  out.fields = p.name_list();
  if (!p.failed() && out.fields.empty()) p.fail(p.peek().span, "syntax", "fields names no field");
  if (!p.failed() && first.is(TokenKind::word) && !out.remove && out.fields.front().size() > 1 && out.fields.front()[0] == '-') {
    out.remove = true;
    out.fields.front().erase(0, 1);
  }
  return out;
}

}  // namespace escudo::spl::verbs
