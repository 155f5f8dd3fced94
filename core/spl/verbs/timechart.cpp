// timechart and chart: AGGREGATES [over FIELD] [by FIELD]
#include "base/text.hpp"
#include "event/value.hpp"
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {

// limit=10; limit=top5 and limit=bottom5 choose by other measures.
std::int64_t series_limit(Parser& p, const Token& value) {
  if (value.is_word("none")) return 0;
  if (!value.text.empty() && !base::is_digit(value.text.front()) && value.text.front() != '-') {
    p.fail(value.span, "unsupported-option", "limit=" + std::string(value.text) + " is not supported", "write a number of series");
    return 0;
  }
  return p.integer(value);
}

// by FIELD where … keeps some series only.
void refuse_where(Parser& p) {
  if (!p.failed() && p.peek().is_word("where"))
    p.fail(p.peek().span, "unsupported-option", "the where clause of a chart is not supported", "limit= keeps the greatest series");
}

}  // namespace

Verb parse_timechart(Parser& p) {
  Timechart out;
  Parser::Clauses clauses(p, {"by", "where"});
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "span") out.span = p.time_span(value);
      else if (name == "bins") out.bins = static_cast<int>(p.integer(value));
      else if (name == "limit") out.limit = series_limit(p, value);
      else if (name == "useother") out.use_other = p.boolean(value);
      else if (name == "usenull") out.use_null = p.boolean(value);
      else if (name == "otherstr") out.other_name = p.text_of(value);
      else if (name == "nullstr") out.null_name = p.text_of(value);
      else if (name == "cont") out.cont = p.boolean(value);
      else if (name == "partial") out.partial = p.boolean(value);
      else if (name == "minspan" || name == "aligntime")
        p.fail(value.span, "unsupported-option", "timechart " + name + "= is not supported");
      else p.fail(value.span, "unknown-option", "timechart has no option " + name);
    }
  };
  options();
  while (!p.failed() && !p.at_end() && !p.is_clause_word(p.peek())) {
    auto more = p.aggregates();
    for (Aggregate& a : more) out.aggregates.push_back(std::move(a));
  }
  if (!p.failed() && p.accept_word("by")) {
    out.by = p.name_token();
    options();
  }
  refuse_where(p);
  return out;
}

Verb parse_chart(Parser& p) {
  Chart out;
  Parser::Clauses clauses(p, {"by", "over", "where"});
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "limit") out.limit = series_limit(p, value);
      else if (name == "useother") out.use_other = p.boolean(value);
      else if (name == "usenull") out.use_null = p.boolean(value);
      else if (name == "otherstr") out.other_name = p.text_of(value);
      else if (name == "nullstr") out.null_name = p.text_of(value);
      else if (name == "span" || name == "bins") {
        if (!out.bin) out.bin.emplace();
        if (name == "bins") out.bin->bins = static_cast<int>(p.integer(value));
        else if (auto number = event::parse_number(value.text)) {
          out.bin->span = number;
          out.bin->time_span = TimeSpan{static_cast<std::int64_t>(*number * 1e6), 0};
        } else {
          out.bin->time_span = p.time_span(value);
        }
      } else if (name == "cont") (void)p.boolean(value);   // concerns charts on a screen
      else p.fail(value.span, "unknown-option", "chart has no option " + name);
    }
  };
  options();
  if (!p.failed()) out.aggregates = p.aggregates();
  if (!p.failed() && p.accept_word("over")) out.over = p.name_token();
  if (!p.failed() && p.accept_word("by")) {
    std::vector<std::string> names = p.name_list();
    if (out.over.empty() && !names.empty()) {
      out.over = names.front();
      names.erase(names.begin());
    }
    if (!names.empty()) out.by = names.front();
  }
  options();
  refuse_where(p);
  if (out.bin) out.bin->field = out.bin->output = out.over;
  return out;
}

}  // namespace escudo::spl::verbs
