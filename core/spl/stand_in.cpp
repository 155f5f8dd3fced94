// Tested by tests/unit/spl/stand_in_test.cpp, and end to end by tests/unit/runtime/map_test.cpp.
#include "spl/stand_in.hpp"

#include <algorithm>

#include "spl/field_names.hpp"

namespace escudo::spl {
namespace {

std::string unused(const std::string& text, std::string candidate) {
  while (text.find(candidate) != std::string::npos) candidate += candidate.back();
  return candidate;
}

bool mentions(const std::string& text, const std::string& stand_in) {
  return !stand_in.empty() && text.find(stand_in) != std::string::npos;
}

bool mentions(const SearchExpr& leaf, const std::string& stand_in) {
  return mentions(leaf.field, stand_in) ||
         std::any_of(leaf.patterns.begin(), leaf.patterns.end(), [&](const std::string& p) { return mentions(p, stand_in); });
}

// Nothing where values decide: that counts as true, and under NOT as false.
std::optional<SearchExpr> widened(const SearchExpr& expr, const std::string& stand_in, bool under_not) {
  using Kind = SearchExpr::Kind;
  if (expr.kind != Kind::all_of && expr.kind != Kind::any_of && expr.kind != Kind::none_of) {
    if (mentions(expr, stand_in)) return {};
    return expr;
  }
  const bool negates = expr.kind == Kind::none_of;
  const bool one_decides = negates || (expr.kind == Kind::any_of) != under_not;
  SearchExpr out = expr;
  out.parts.clear();
  for (const SearchExpr& part : expr.parts) {
    auto wide = widened(part, stand_in, under_not != negates);
    if (wide) out.parts.push_back(std::move(*wide));
    else if (one_decides) return {};
  }
  if (out.parts.empty()) return {};
  if (out.parts.size() == 1 && !negates) return SearchExpr(std::move(out.parts.front()));
  return out;
}

SearchExpr widest(const SearchExpr& expr, const std::string& stand_in) {
  SearchExpr everything;
  everything.span = expr.span;
  return widened(expr, stand_in, false).value_or(everything);
}

}  // namespace

std::vector<std::string> stand_ins(const std::string& text) {
  return {unused(text, "anyvalue"), unused(text, "7310987"), "x", "1"};
}

std::string with_stand_in(const std::string& search, const std::string& stand_in) {
  std::string out;
  std::size_t at = 0;
  for (const MapToken& token : map_tokens(search)) {
    out += search.substr(at, token.begin - at);
    out += token.in_quotes ? stand_in : '"' + stand_in + '"';
    at = token.end;
  }
  return out + search.substr(at);
}

// A field that a value names may be any.
void widen(FieldNeeds& needs, const std::string& stand_in) {
  const auto open = [&](const std::string& name) { return mentions(name, stand_in); };
  if (std::erase_if(needs.names, open) + std::erase_if(needs.patterns, open) > 0) needs.everything = true;
}

void widen(Feed& feed, const std::string& stand_in) {
  Flow flow = Flow::open();
  flow.read(feed.filter);
  feed.needs.names.insert(flow.needs().names.begin(), flow.needs().names.end());
  feed.needs.patterns.insert(flow.needs().patterns.begin(), flow.needs().patterns.end());
  feed.needs.everything = feed.needs.everything || flow.needs().everything;
  widen(feed.needs, stand_in);
  feed.filter = widest(feed.filter, stand_in);
  if (feed.has_subsearch) feed.whole_filter = widest(feed.whole_filter, stand_in);
}

}  // namespace escudo::spl
