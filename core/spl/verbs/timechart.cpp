// timechart and chart: AGGREGATES [over FIELD] [by FIELD]
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

Verb parse_timechart(Parser& p) {
  Timechart out;
  Parser::Clauses clauses(p, {"by", "where"});
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "span") out.span = p.time_span(value);
      else if (name == "bins") out.bins = static_cast<int>(p.integer(value));
      else if (name == "limit") out.limit = p.integer(value);
      else if (name == "useother") out.use_other = p.boolean(value);
      else if (name == "usenull") out.use_null = p.boolean(value);
      else if (name == "cont") out.cont = p.boolean(value);
      else if (name == "partial") out.partial = p.boolean(value);
      else if (name == "minspan" || name == "aligntime" || name == "otherstr" || name == "nullstr") {}
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
  return out;
}

Verb parse_chart(Parser& p) {
  Chart out;
  Parser::Clauses clauses(p, {"by", "over"});
  std::string name;
  Token value;
  auto options = [&] {
    while (!p.failed() && p.option(name, value)) {
      if (name == "limit") out.limit = p.integer(value);
      else if (name == "useother") out.use_other = p.boolean(value);
      else if (name == "usenull") out.use_null = p.boolean(value);
      else if (name == "span" || name == "bins" || name == "cont" || name == "otherstr" || name == "nullstr") {}
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
  return out;
}

}  // namespace escudo::spl::verbs
