// rex [field=FIELD] [max_match=N] [mode=sed] [offset_field=FIELD] "PATTERN"
#include "base/text.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_rex(Parser& p) {
  Rex out;
  bool have_pattern = false;
  while (!p.failed() && !p.at_end()) {
    std::string name;
    Token value;
    if (p.option(name, value)) {
      if (name == "field") out.field = p.text_of(value);
      else if (name == "max_match") out.max_match = static_cast<int>(p.integer(value));
      else if (name == "mode" && base::iequals(value.text, "sed")) out.sed = true;
      else if (name == "offset_field") out.offset_field = p.text_of(value);
      else p.fail(value.span, "unknown-option", "rex has no option " + name + "=" + std::string(value.text),
                  "it knows field, max_match, mode=sed and offset_field");
      continue;
    }
    const Token pattern = p.take();
    if (have_pattern || (!pattern.is(TokenKind::quoted) && !pattern.is(TokenKind::word))) {
      p.fail(pattern.span, pattern.is(TokenKind::bad) ? "unclosed-quote" : "syntax",
             pattern.is(TokenKind::bad) ? "a quote is opened and never closed" : "rex takes one pattern in quotes");
      break;
    }
    out.pattern = unescape_regex(pattern.text);
    out.pattern_span = pattern.span;
    have_pattern = true;
  }
  if (!p.failed() && !have_pattern) p.fail(p.peek().span, "syntax", "rex has no pattern", "write rex field=f \"(?<name>…)\"");
  return out;
}

}  // namespace escudo::spl::verbs
