// inputlookup [append=B] [start=N] [max=N] TABLE [where EXPRESSION]; outputlookup
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_inputlookup(Parser& p) {
  InputLookup out;
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "append") out.append = p.boolean(value);
      else if (name == "start") out.start = p.integer(value);
      else if (name == "max") out.max = p.integer(value);
      else if (name == "strict") (void)p.boolean(value);
      else p.fail(value.span, "unknown-option", "inputlookup has no option " + name);
    }
  };
  options();
  if (p.failed()) return out;
  out.table = p.name_token();
  out.table_span = p.last_span();
  if (!p.failed() && p.accept_word("where")) out.where = p.search_expression();
  else options();
  return out;
}

// Escudo never writes into a content checkout: the rows pass through, the table stays as it is.
Verb parse_outputlookup(Parser& p) {
  OutputLookup out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {}
  if (!p.failed()) out.table = p.name_token();
  out.table_span = p.last_span();
  while (!p.failed() && p.option(name, value)) {}
  return out;
}

}  // namespace escudo::spl::verbs
