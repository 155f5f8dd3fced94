// append, appendcols, appendpipe, multisearch, union: further rows from a search in brackets
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {
// The time of a run is not limited here, its rows are.
void options(Parser& p, std::int64_t& max_rows) {
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "maxout") max_rows = p.integer(value);
    else if (name != "maxtime" && name != "timeout" && name != "extendtimerange")
      p.fail(value.span, "unknown-option", "append has no option " + name);
  }
}
}  // namespace

Verb parse_append(Parser& p) {
  Append out;
  options(p, out.max_rows);
  if (!p.failed()) out.pipeline = p.bracketed(false);
  return out;
}

Verb parse_appendcols(Parser& p) {
  AppendCols out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "override") out.overwrite = p.boolean(value);
    else if (name == "maxout") out.max_rows = p.integer(value);
    else if (name != "maxtime" && name != "timeout")
      p.fail(value.span, "unknown-option", "appendcols has no option " + name);
  }
  if (!p.failed()) out.pipeline = p.bracketed(false);
  return out;
}

Verb parse_appendpipe(Parser& p) {
  AppendPipe out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "run_in_preview") out.run_in_preview = p.boolean(value);
    else p.fail(value.span, "unknown-option", "appendpipe has no option " + name);
  }
  if (!p.failed()) out.pipeline = p.bracketed(true);
  return out;
}

Verb parse_multisearch(Parser& p) {
  Multisearch out;
  std::int64_t ignored = 0;
  options(p, ignored);
  while (!p.failed() && p.peek().is(TokenKind::left_bracket)) {
    out.pipelines.push_back(p.bracketed(false));
    p.skip_commas();
  }
  if (!p.failed() && out.pipelines.empty()) p.fail(p.peek().span, "syntax", "a search in [ ] was expected here");
  return out;
}

}  // namespace escudo::spl::verbs
