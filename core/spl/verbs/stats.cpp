// stats, eventstats, streamstats: AGGREGATES [by FIELDS]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {

Verb parse(Parser& p, Stats::Mode mode) {
  Stats out;
  out.mode = mode;
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "allnum" || name == "partitions" || name == "delim" || name == "dedup_splitvals") continue;
      if (mode == Stats::Mode::streamstats && name == "window") out.window = static_cast<int>(p.integer(value));
      else if (mode == Stats::Mode::streamstats && name == "current") out.current = p.boolean(value);
      else if (mode == Stats::Mode::streamstats && name == "global") out.global = p.boolean(value);
      else if (mode == Stats::Mode::streamstats && name == "time_window") out.time_window = p.time_span(value);
      else if (mode == Stats::Mode::streamstats && name == "reset_on_change") out.reset_on_change = p.boolean(value);
      else p.fail(value.span, "unknown-option", "this command has no option " + name);
    }
  };
  Parser::Clauses clauses(p, {"by", "groupby"});
  options();
  if (!p.failed()) out.aggregates = p.aggregates();
  if (!p.failed() && (p.accept_word("by") || p.accept_word("groupby"))) {
    const Span word = p.last_span();
    out.by = p.name_list();
    if (!p.failed() && out.by.empty()) p.fail(word, "syntax", "`by` names no field");
  }
  if (!p.failed() && out.aggregates.empty())
    p.fail(p.peek().span, "syntax", "an aggregate such as count or values(field) is missing");
  return out;
}

}  // namespace

Verb parse_stats(Parser& p) { return parse(p, Stats::Mode::stats); }
Verb parse_eventstats(Parser& p) { return parse(p, Stats::Mode::eventstats); }
Verb parse_streamstats(Parser& p) { return parse(p, Stats::Mode::streamstats); }

}  // namespace escudo::spl::verbs
