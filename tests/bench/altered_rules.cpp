#include "altered_rules.hpp"

#include <algorithm>
#include <cctype>

#include "spl/plan.hpp"

namespace escudo::bench {
namespace {

// Another source would make a rule that no event concerns: those stay.
bool tells_source(std::string_view field) {
  for (std::string_view name : {"source", "sourcetype", "index", "eventtype", "Channel",
                                "EventCode", "EventID", "tag", "action", "status"})
    if (field == name) return true;
  return false;
}

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// The last letter of each word of three letters or more becomes its neighbour.
void alter(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end;) {
    if (!is_letter(text[at])) {
      ++at;
      continue;
    }
    std::size_t stop = at;
    while (stop < end && is_letter(text[stop])) ++stop;
    char& last = text[stop - 1];
    if (stop - at >= 3) last = static_cast<char>(last == 'z' || last == 'Z' ? last - 1 : last + 1);
    at = stop;
  }
}

void alter(std::string& text, const spl::SearchExpr& expr) {
  using Kind = spl::SearchExpr::Kind;
  for (const spl::SearchExpr& part : expr.parts) alter(text, part);
  if (expr.kind != Kind::compare && expr.kind != Kind::member && expr.kind != Kind::term) return;
  if (tells_source(expr.field)) return;
  std::size_t begin = expr.span.begin;
  if (expr.kind == Kind::compare) begin = text.find_first_of("=<>", begin);
  if (expr.kind == Kind::member) begin = text.find('(', begin);
  if (begin < expr.span.end) alter(text, begin, expr.span.end);
}

}  // namespace

std::vector<rules::RulePtr> altered_rules(const std::vector<rules::RulePtr>& rules,
                                          const catalog::Catalog& catalog) {
  std::vector<rules::RulePtr> out;
  for (const rules::RulePtr& rule : rules) {
    std::vector<spl::TextProblem> problems;
    const auto plan = spl::make_plan(rule->search, catalog, problems);
    if (!plan) continue;
    auto copy = std::make_shared<rules::Rule>(*rule);
    copy->name += " (altered)";
    copy->id += "-altered";
    copy->search = plan->expanded.text;
    for (const spl::Feed& feed : plan->feeds) alter(copy->search, feed.filter);
    out.push_back(std::move(copy));
  }
  return out;
}

}  // namespace escudo::bench
