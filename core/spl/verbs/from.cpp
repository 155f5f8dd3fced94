// from datamodel:"Model.Dataset"; makeresults [count=N]
#include "base/text.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_from(Parser& p) {
  From out;
  const Token token = p.take();
  std::string text = p.text_of(token);
  if (base::istarts_with(text, "datamodel:")) text = text.substr(10);
  else if (base::iequals(text, "datamodel")) text.clear();
  else {
    p.fail(token.span, "unsupported-source", "from can read a datamodel only, not " + text, "write from datamodel:Model.Dataset");
    return out;
  }
  if (text.empty()) text = p.name_token();
  if (text.starts_with(':')) text = text.substr(1);
  if (text.empty() && !p.failed()) text = p.name_token();
  out.model_span = p.last_span();
  const std::size_t dot = text.find('.');
  out.model = text.substr(0, dot);
  if (dot != std::string::npos) out.dataset = text.substr(dot + 1);
  return out;
}

Verb parse_makeresults(Parser& p) {
  MakeResults out;
  std::string name;
  Token value;
  while (!p.failed() && p.option(name, value)) {
    if (name == "count") out.count = p.integer(value);
    else if (name != "annotate") p.fail(value.span, "unknown-option", "makeresults has no option " + name);
  }
  return out;
}

}  // namespace escudo::spl::verbs
