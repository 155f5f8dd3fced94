// fillnull [value=TEXT] [FIELDS]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_fillnull(Parser& p) {
  FillNull out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "value") out.value = p.text_of(value);
    else p.fail(value.span, "unknown-option", "fillnull has no option " + name);
  }
  if (!p.failed()) out.fields = p.name_list();
  return out;
}

}  // namespace escudo::spl::verbs
