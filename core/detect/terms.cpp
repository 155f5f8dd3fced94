// Tested by tests/unit/detect/terms.cpp.

#include "detect/terms.hpp"

#include <algorithm>

#include "spl/print.hpp"

namespace escudo::detect {
namespace {

using spl::SearchExpr;

// Alternatives shown of one OR: lists of fifty names help nobody.
constexpr std::size_t max_lost = 12;

bool is_leaf(const SearchExpr& expr) {
  return expr.kind == SearchExpr::Kind::compare || expr.kind == SearchExpr::Kind::member ||
         expr.kind == SearchExpr::Kind::term;
}

std::string field_of(const SearchExpr& expr) {
  return expr.kind == SearchExpr::Kind::term ? "_raw" : expr.field;
}

}  // namespace

Terms::Terms(const SearchExpr& expr) : expr_(expr) { compile(expr); }

void Terms::compile(const SearchExpr& expr) {
  if (is_leaf(expr)) tests_.emplace(&expr, match::Test::compile(expr));
  for (const SearchExpr& part : expr.parts) compile(part);
}

bool Terms::holds(const SearchExpr& expr, const Values& values) const {
  const auto one = [&](const SearchExpr& part) { return holds(part, values); };
  switch (expr.kind) {
    case SearchExpr::Kind::all_of:
      return std::ranges::all_of(expr.parts, one);
    case SearchExpr::Kind::any_of:
      return std::ranges::any_of(expr.parts, one);
    case SearchExpr::Kind::none_of:
      return !one(expr.parts.front());
    case SearchExpr::Kind::everything:
    case SearchExpr::Kind::subsearch:  // decided once its rows are known
      return true;
    default:
      break;
  }
  const std::vector<std::string> found = values(field_of(expr));
  const std::vector<std::string_view> views(found.begin(), found.end());
  return tests_.at(&expr).matches(views);
}

bool Terms::hold(const Values& values) const { return holds(expr_, values); }

std::size_t Terms::count() const {
  return expr_.kind == SearchExpr::Kind::all_of ? expr_.parts.size() : 1;
}

std::size_t Terms::held(const Values& values) const {
  if (expr_.kind != SearchExpr::Kind::all_of) return holds(expr_, values) ? 1 : 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      expr_.parts, [&](const SearchExpr& part) { return holds(part, values); }));
}

// `wanted`: what the expression should have been and is not.
void Terms::explain(const SearchExpr& expr, bool wanted, const Values& values,
                    std::vector<LostTerm>& out) const {
  if (out.size() >= max_lost) return;
  if (is_leaf(expr)) {
    const std::string term = spl::print(expr);
    const std::string field = field_of(expr);
    out.push_back({wanted ? term : "NOT " + term, {{field, values(field)}}, {}});
    return;
  }
  if (expr.kind == SearchExpr::Kind::none_of) {
    explain(expr.parts.front(), !wanted, values, out);
    return;
  }
  // Of an AND that should hold, and of an OR that should not, one part is enough to decide.
  const bool one_decides = (expr.kind == SearchExpr::Kind::all_of) == wanted;
  for (const SearchExpr& part : expr.parts) {
    if (one_decides && holds(part, values) == wanted) continue;
    explain(part, wanted, values, out);
    if (one_decides) return;
  }
}

std::vector<LostTerm> Terms::lost(const Values& values) const {
  std::vector<LostTerm> out;
  if (!hold(values)) explain(expr_, true, values, out);
  return out;
}

}  // namespace escudo::detect
