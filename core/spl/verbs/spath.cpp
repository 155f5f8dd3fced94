// spath [input=FIELD] [output=FIELD] [path=PATH|PATH]; xmlkv [FIELD]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_spath(Parser& p) {
  Spath out;
  std::string name;
  Token value;
  while (!p.failed() && !p.at_end()) {
    if (p.option(name, value)) {
      if (name == "input") out.input = p.text_of(value);
      else if (name == "output") out.output = p.text_of(value);
      else if (name == "path") out.path = p.text_of(value);
      else p.fail(value.span, "unknown-option", "spath has no option " + name, "it knows input, output and path");
    } else {
      out.path = p.name_token();
    }
  }
  return out;
}

Verb parse_xmlkv(Parser& p) {
  XmlKv out;
  std::string name;
  Token value;
  while (!p.failed() && !p.at_end()) {
    if (p.option(name, value)) {
      if (name != "maxinputs") p.fail(value.span, "unknown-option", "xmlkv has no option " + name);
    } else {
      out.field = p.name_token();
    }
  }
  return out;
}

}  // namespace escudo::spl::verbs
