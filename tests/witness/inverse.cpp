#include "inverse.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "event/value.hpp"
#include "twin/filter.hpp"

namespace escudo::witness {
namespace {

using Op = spl::Expr::Op;
using Kind = spl::Expr::Kind;

bool literal(const spl::Expr& e) {
  return e.kind == Kind::string || e.kind == Kind::number ||
         (e.kind == Kind::negate && e.args[0].kind == Kind::number);
}

std::string text_of(const spl::Expr& e) {
  if (e.kind == Kind::negate) return event::Value(-e.args[0].number).text();
  return e.kind == Kind::number ? event::Value(e.number).text() : e.text;
}

bool is_null(const spl::Expr& e) {
  return (e.kind == Kind::call || e.kind == Kind::field) && e.text == "null";
}

const Goal kSome{Goal::Kind::text, "1"};  // a number that is not nothing

// Whether a literal is what is wanted; what is not a text in particular takes anything but null.
bool fits(const spl::Expr& e, const Goal& goal) {
  if (is_null(e)) return false;
  if (!literal(e)) return true;
  if (goal.kind == Goal::Kind::text) return base::iequals(text_of(e), goal.text);
  if (goal.kind == Goal::Kind::wildcard)
    return twin::glob(base::to_lower(goal.text), base::to_lower(text_of(e)));
  return true;
}

Op turned(Op op) {
  switch (op) {
    case Op::less:
      return Op::greater;
    case Op::less_equal:
      return Op::greater_equal;
    case Op::greater:
      return Op::less;
    case Op::greater_equal:
      return Op::less_equal;
    default:
      return op;
  }
}

}  // namespace

void Inverse::want(const std::string& field, Goal goal) {
  auto& list = goals_[field];
  if (goal.kind == Goal::Kind::present && !list.empty()) return;
  list.push_back(std::move(goal));
}

void Inverse::wanted(const spl::Expr& expr, const Goal& goal) {
  static const std::set<std::string> through{
      "lower",    "upper",   "trim",    "ltrim",    "rtrim",  "tostring",
      "tonumber", "mvindex", "mvdedup", "mvsort",   "mvjoin", "urldecode",
      "replace",  "split",   "nullif",  "mvfilter", "spath"};
  if (expr.kind == Kind::field) return is_null(expr) ? void() : want(expr.text, goal);
  if (expr.kind == Kind::binary && expr.op == Op::concat) {
    // The literal ends are taken off.
    Goal rest = goal;
    if (goal.kind == Goal::Kind::text) {
      if (literal(expr.args[1]) && rest.text.ends_with(text_of(expr.args[1])))
        rest.text.resize(rest.text.size() - text_of(expr.args[1]).size());
      if (literal(expr.args[0]) && rest.text.starts_with(text_of(expr.args[0])))
        rest.text.erase(0, text_of(expr.args[0]).size());
    }
    const bool one = literal(expr.args[0]) || literal(expr.args[1]);
    for (const spl::Expr& side : expr.args) wanted(side, one ? rest : Goal{});
    return;
  }
  if (expr.kind == Kind::binary) {
    for (const spl::Expr& side : expr.args) wanted(side, Goal{});
    return;
  }
  if (expr.kind != Kind::call || expr.args.empty()) return;
  const std::string& name = expr.text;
  if (name == "mvfilter") return condition(expr.args[0], true);
  if (through.contains(name)) return wanted(expr.args[0], goal);
  if (name == "coalesce") return wanted(expr.args[random_() % expr.args.size()], goal);
  if (name == "mvappend") {
    for (const spl::Expr& arg : expr.args) wanted(arg, goal);
  } else if (name == "if" && expr.args.size() == 3) {
    const bool first = fits(expr.args[1], goal) &&
                       (!fits(expr.args[2], goal) || random_() % 2 || literal(expr.args[2]));
    condition(expr.args[0], first);
    wanted(expr.args[first ? 1 : 2], goal);
  } else if (name == "case") {
    std::vector<std::size_t> branches;
    for (std::size_t k = 0; k + 1 < expr.args.size(); k += 2)
      if (fits(expr.args[k + 1], goal)) branches.push_back(k);
    if (branches.empty()) return;
    const std::size_t k = branches[random_() % branches.size()];
    condition(expr.args[k], true);
    wanted(expr.args[k + 1], goal);
  } else if (name == "len") {
    wanted(expr.args[0], {Goal::Kind::length, goal.text});
  } else if (name == "substr" && expr.args.size() >= 2 && literal(expr.args[1]) &&
             goal.kind == Goal::Kind::text) {
    const double from = event::parse_number(text_of(expr.args[1])).value_or(1);
    const std::string before =
        from < 0 ? "*"
                 : std::string(static_cast<std::size_t>(std::clamp(from - 1, 0.0, 100.0)), 'w');
    wanted(expr.args[0], {Goal::Kind::wildcard, before + goal.text + (from < 0 ? "" : "*")});
  } else {
    wanted(expr.args[0], Goal{});
  }
}

void Inverse::compared(const spl::Expr& side, Op op, const spl::Expr& value, bool yes) {
  const bool equal = (op == Op::equal) == yes && (op == Op::equal || op == Op::not_equal);
  if (equal) return wanted(side, {Goal::Kind::text, text_of(value)});
  if (op == Op::equal || op == Op::not_equal) return;
  const auto n = event::parse_number(text_of(value));
  if (!n) return;
  const bool up = ((op == Op::greater || op == Op::greater_equal) == yes);
  if (side.kind == Kind::binary && side.op == Op::divide)
    return wanted(side.args[up ? 0 : 1], kSome);
  wanted(side, {Goal::Kind::text, event::Value(*n + (up ? 1.0 : -1.0)).text()});
}

void Inverse::condition(const spl::Expr& expr, bool yes) {
  if (expr.kind == Kind::logical_not) return condition(expr.args[0], !yes);
  if (expr.kind == Kind::binary && (expr.op == Op::logical_and || expr.op == Op::logical_or)) {
    if ((expr.op == Op::logical_and) == yes) {
      for (const spl::Expr& side : expr.args) condition(side, yes);
    } else {
      condition(expr.args[random_() % 2], yes);
    }
    return;
  }
  if (expr.kind == Kind::binary) {
    if (literal(expr.args[1]))
      compared(expr.args[0], expr.op, expr.args[1], yes);
    else if (literal(expr.args[0]))
      compared(expr.args[1], turned(expr.op), expr.args[0], yes);
    else if (expr.op == Op::greater || expr.op == Op::greater_equal)
      wanted(expr.args[yes ? 0 : 1], kSome);  // what is to be more
    else if (expr.op == Op::less || expr.op == Op::less_equal)
      wanted(expr.args[yes ? 1 : 0], kSome);
    else
      for (const spl::Expr& side : expr.args) wanted(side, Goal{});
    return;
  }
  if (expr.kind != Kind::call || expr.args.empty()) return;
  const std::string& name = expr.text;
  if (name == "isnull" || name == "isnotnull") {
    if ((name == "isnotnull") == yes) wanted(expr.args[0], Goal{});
  } else if (!yes) {
    return;
  } else if (name == "match" && expr.args.size() == 2 && literal(expr.args[1])) {
    wanted(expr.args[0], {Goal::Kind::pattern, expr.args[1].text});
  } else if (name == "like" && expr.args.size() == 2 && literal(expr.args[1])) {
    wanted(expr.args[0],
           {Goal::Kind::wildcard,
            base::replace_all(base::replace_all(expr.args[1].text, "%", "*"), "_", "x")});
  } else if (name == "in" && expr.args.size() > 1) {
    const spl::Expr& one = expr.args[1 + random_() % (expr.args.size() - 1)];
    if (literal(one)) wanted(expr.args[0], {Goal::Kind::text, text_of(one)});
  } else if (name == "if" || name == "coalesce") {
    condition(expr.args[0], true);
  }
}

void Inverse::condition(const spl::SearchExpr& expr, bool yes) {
  using Search = spl::SearchExpr::Kind;
  switch (expr.kind) {
    case Search::none_of:
      return condition(expr.parts[0], !yes);
    case Search::all_of:
    case Search::any_of:
      if ((expr.kind == Search::all_of) == yes) {
        for (const spl::SearchExpr& part : expr.parts) condition(part, yes);
      } else if (!expr.parts.empty()) {
        condition(expr.parts[random_() % expr.parts.size()], yes);
      }
      return;
    case Search::compare:
    case Search::member: {
      const bool equal = expr.kind == Search::member || expr.comparison == spl::Comparison::equal;
      const bool unequal =
          expr.kind == Search::compare && expr.comparison == spl::Comparison::not_equal;
      const std::string& pattern = expr.patterns[random_() % expr.patterns.size()];
      if (equal ? yes : unequal && !yes)
        return want(expr.field, {pattern.find('*') == std::string::npos ? Goal::Kind::text
                                                                        : Goal::Kind::wildcard,
                                 pattern});
      if (equal || unequal) return want(expr.field, {});
      const bool up = (expr.comparison == spl::Comparison::greater ||
                       expr.comparison == spl::Comparison::greater_equal) == yes;
      if (const auto n = event::parse_number(pattern))
        want(expr.field, {Goal::Kind::text, event::Value(*n + (up ? 1.0 : -1.0)).text()});
      return;
    }
    default:
      return;
  }
}

}  // namespace escudo::witness
