// bin (bucket) [span=S] [bins=N] [start=N] [end=N] FIELD [as FIELD]
#include "event/value.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_bin(Parser& p) {
  Bin out;
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "span" && value.text.find("log") != std::string_view::npos) {
        p.fail(value.span, "unsupported-option", "bin with a logarithmic span is not supported", "use a number or a time");
      } else if (name == "span") {
        if (auto number = event::parse_number(value.text)) {
          out.span = *number;
          out.time_span = TimeSpan{static_cast<std::int64_t>(*number * 1e6), 0};
        } else {
          out.time_span = p.time_span(value);
        }
      } else if (name == "bins") out.bins = static_cast<int>(p.integer(value));
      else if (name == "start") out.start = event::parse_number(value.text);
      else if (name == "end") out.end = event::parse_number(value.text);
      else if (name == "minspan" || name == "aligntime")
        p.fail(value.span, "unsupported-option", "bin " + name + "= is not supported");
      else p.fail(value.span, "unknown-option", "bin has no option " + name);
    }
  };
  options();
  if (p.failed()) return out;
  out.field = out.output = p.name_token();
  options();
  if (!p.failed() && p.accept_word("as")) out.output = p.name_token();
  options();
  return out;
}

}  // namespace escudo::spl::verbs
