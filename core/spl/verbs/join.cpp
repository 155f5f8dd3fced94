// join [type=T] [max=N] [overwrite=B] [usetime=B] [earlier=B] FIELDS [ SEARCH ]
#include "base/text.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_join(Parser& p) {
  Join out;
  std::string name;
  Token value;
  p.skip_commas();
  while (!p.failed() && !p.at_end() && !p.peek().is(TokenKind::left_bracket)) {
    if (p.option(name, value)) {
      if (name == "type") {
        const std::string type = base::to_lower(value.text);
        if (type == "inner") out.type = Join::Type::inner;
        else if (type == "left" || type == "outer") out.type = Join::Type::left;
        else if (name == "left" || name == "right")
        p.fail(value.span, "unsupported-option", "join with aliases and where is not supported", "write join FIELD [ … ]");
      else p.fail(value.span, "unknown-option", "join has no type " + type, "it knows inner, left and outer");
      } else if (name == "max") out.max = p.integer(value);
      else if (name == "overwrite") out.overwrite = p.boolean(value);
      else if (name == "usetime") out.use_time = p.boolean(value);
      else if (name == "earlier") out.earlier = p.boolean(value);
      else p.fail(value.span, "unknown-option", "join has no option " + name);
    } else {
      out.fields.push_back(p.name_token());
    }
    p.skip_commas();
  }
  if (!p.failed()) out.right = p.bracketed(false);
  return out;
}

}  // namespace escudo::spl::verbs
