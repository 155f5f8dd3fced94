// mvexpand, mvcombine, nomv, makemv
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_mvexpand(Parser& p) {
  MvExpand out;
  out.field = p.name_token();
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "limit") out.limit = p.integer(value);
    else p.fail(value.span, "unknown-option", "mvexpand has no option " + name);
  }
  return out;
}

Verb parse_mvcombine(Parser& p) {
  MvCombine out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "delim") out.delimiter = unescape_eval(value.text);
    else p.fail(value.span, "unknown-option", "mvcombine has no option " + name);
  }
  if (!p.failed()) out.field = p.name_token();
  return out;
}

Verb parse_nomv(Parser& p) { return NoMv{p.name_token()}; }

Verb parse_makemv(Parser& p) {
  MakeMv out;
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "delim") out.delimiter = unescape_eval(value.text);   // "\n" is a line's end
      else if (name == "tokenizer") {
        out.tokenizer = unescape_regex(value.text);
        out.tokenizer_span = value.span;
      } else if (name == "allowempty") out.allow_empty = p.boolean(value);
      else if (name == "setsv") out.set_sv = p.boolean(value);
      else p.fail(value.span, "unknown-option", "makemv has no option " + name);
    }
  };
  options();
  if (!p.failed()) out.field = p.name_token();
  options();
  return out;
}

}  // namespace escudo::spl::verbs
