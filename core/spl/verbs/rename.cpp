// rename OLD as NEW [, OLD as NEW …], wildcards on both sides
#include <algorithm>

#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_rename(Parser& p) {
  Rename out;
  Parser::Clauses clauses(p, {"as"});
  p.skip_commas();
  while (!p.failed() && !p.at_end()) {
    FieldPair pair;
    const Token first = p.peek();
    pair.from = p.name_token();
    if (!p.failed() && !p.accept_word("as")) {
      p.fail(p.peek().span, "syntax", "`as` was expected after " + pair.from, "write rename old as new");
      break;
    }
    pair.to = p.name_token();
    pair.span = {first.span.begin, p.last_span().end};
    if (std::count(pair.from.begin(), pair.from.end(), '*') != std::count(pair.to.begin(), pair.to.end(), '*')) {
      p.fail(pair.span, "rename-wildcards", "both sides of a rename need the same number of `*`",
             "write rename Processes.* as *");
      break;
    }
    out.pairs.push_back(std::move(pair));
    p.skip_commas();
  }
  if (!p.failed() && out.pairs.empty()) p.fail(p.peek().span, "syntax", "rename names no field", "write rename old as new");
  return out;
}

}  // namespace escudo::spl::verbs
