// top, rare [N] FIELDS [by FIELDS]
#include "event/value.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {
Verb parse(Parser& p, bool rare) {
  Top out;
  out.rare = rare;
  Parser::Clauses clauses(p, {"by"});
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "limit") out.limit = p.integer(value);
      else if (name == "showcount") out.show_count = p.boolean(value);
      else if (name == "showperc") out.show_percent = p.boolean(value);
      else if (name == "countfield") out.count_field = p.text_of(value);
      else if (name == "percentfield") out.percent_field = p.text_of(value);
      else if (name == "useother") out.use_other = p.boolean(value);
      else if (name == "otherstr") out.other_name = p.text_of(value);
      else p.fail(value.span, "unknown-option", "top has no option " + name);
    }
  };
  options();
  if (auto n = event::parse_number(p.peek().text)) out.limit = static_cast<std::int64_t>(*n), p.take();
  options();
  out.fields = p.name_list();
  if (!p.failed() && p.accept_word("by")) out.by = p.name_list();
  if (!p.failed() && out.fields.empty()) p.fail(p.peek().span, "syntax", "top names no field");
  return out;
}
}  // namespace

Verb parse_top(Parser& p) { return parse(p, false); }
Verb parse_rare(Parser& p) { return parse(p, true); }

}  // namespace escudo::spl::verbs
