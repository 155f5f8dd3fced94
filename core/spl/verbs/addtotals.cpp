// addtotals [row=B] [col=B] [fieldname=F] [FIELDS]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_addtotals(Parser& p) {
  AddTotals out;
  std::string name;
  Token value;
  p.skip_commas();
  while (!p.failed() && !p.at_end()) {
    if (p.option(name, value)) {
      if (name == "row") out.row = p.boolean(value);
      else if (name == "col") out.column = p.boolean(value);
      else if (name == "fieldname") out.field_name = p.text_of(value);
      else if (name == "label") out.label = p.text_of(value);
      else if (name == "labelfield") out.label_field = p.text_of(value);
      else p.fail(value.span, "unknown-option", "addtotals has no option " + name);
    } else {
      out.fields.push_back(p.name_token());
    }
    p.skip_commas();
  }
  return out;
}

}  // namespace escudo::spl::verbs
