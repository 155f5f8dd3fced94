// lookup [local=B] [update=B] TABLE KEY [as FIELD] … [OUTPUT|OUTPUTNEW COLUMN [as FIELD] …]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {

std::vector<FieldPair> pairs(Parser& p) {
  std::vector<FieldPair> out;
  p.skip_commas();
  while (!p.failed() && !p.at_end() && !p.is_clause_word(p.peek())) {
    FieldPair pair;
    const Token first = p.peek();
    pair.from = pair.to = p.name_token();
    if (!p.failed() && p.accept_word("as")) pair.to = p.name_token();
    pair.span = {first.span.begin, p.last_span().end};
    out.push_back(std::move(pair));
    p.skip_commas();
  }
  return out;
}

}  // namespace

Verb parse_lookup(Parser& p) {
  Lookup out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "update") out.update = p.boolean(value);
    else if (name == "local") out.local = p.boolean(value);
    else if (name == "event_time_field") {}
    else p.fail(value.span, "unknown-option", "lookup has no option " + name);
  }
  if (p.failed()) return out;
  out.table = p.name_token();
  out.table_span = p.last_span();
  // `update=true` also stands after the table's name.
  while (!p.failed() && p.option(name, value)) {
    if (name == "update") out.update = p.boolean(value);
    else if (name == "local") out.local = p.boolean(value);
    else p.fail(value.span, "unknown-option", "lookup has no option " + name);
  }
  Parser::Clauses clauses(p, {"output", "outputnew"});
  out.keys = pairs(p);
  if (!p.failed() && out.keys.empty()) p.fail(p.peek().span, "syntax", "lookup names no key field");
  if (!p.failed() && p.is_clause_word(p.peek())) {
    out.overwrite = p.take().is_word("output");
    out.outputs = pairs(p);
  }
  return out;
}

}  // namespace escudo::spl::verbs
