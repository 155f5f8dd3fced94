// map search="SEARCH with $field$ tokens" [maxsearches=N]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_map(Parser& p) {
  Map out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "search") {
      out.search = unescape_regex(value.text);
      out.search_span = {value.span.begin + 1, value.span.end - 1};
    } else if (name == "maxsearches") out.max_searches = p.integer(value);
    else if (name == "id") p.fail(value.span, "unsupported-option", "map id= runs a saved search, which only Splunk has");
    else p.fail(value.span, "unknown-option", "map has no option " + name, "it knows search and maxsearches");
  }
  if (!p.failed() && out.search.empty())
    p.fail(p.peek().span, "syntax", "map has no search", "write map search=\"search … $field$\"");
  return out;
}

}  // namespace escudo::spl::verbs
