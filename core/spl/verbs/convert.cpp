// convert [timeformat=FORMAT] FUNCTION(FIELD) [as FIELD] …
#include <algorithm>

#include "base/text.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_convert(Parser& p) {
  static constexpr std::string_view functions[] = {"ctime", "mktime", "num", "auto", "none", "rmunit", "rmcomma",
                                                   "dur2sec", "mstime", "memk"};
  Convert out;
  std::string name;
  Token value;
  p.skip_commas();
  while (!p.failed() && !p.at_end()) {
    if (p.option(name, value)) {
      if (name == "timeformat") out.time_format = p.text_of(value);
      else p.fail(value.span, "unknown-option", "convert has no option " + name, "its only option is timeformat");
      continue;
    }
    Convert::Item item;
    const Token function = p.take();
    item.function = base::to_lower(function.text);
    if (std::find(std::begin(functions), std::end(functions), item.function) == std::end(functions)) {
      p.fail(function.span, "unknown-function", "`" + std::string(function.text) + "` is not a convert function",
             "convert knows ctime, mktime, num, auto, none, rmunit, rmcomma, dur2sec, mstime and memk");
      break;
    }
    if (!p.expect(TokenKind::left_paren, "`(`")) break;
    item.field = item.output = p.name_token();
    if (p.failed() || !p.expect(TokenKind::right_paren, "`)`")) break;
    if (p.accept_word("as")) item.output = p.name_token();
    item.span = {function.span.begin, p.last_span().end};
    out.items.push_back(std::move(item));
    p.skip_commas();
  }
  if (!p.failed() && out.items.empty()) p.fail(p.peek().span, "syntax", "convert names no field", "write convert ctime(field)");
  return out;
}

}  // namespace escudo::spl::verbs
