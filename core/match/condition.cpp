// Boolean trees over predicates. Tested by tests/unit/match against plain evaluation.
#include "match/condition.hpp"

namespace escudo::match {

Condition Condition::compile(const spl::SearchExpr& expr, std::uint16_t dataset, PredicateSet& set) {
  using Expr = spl::SearchExpr::Kind;
  Condition out;
  auto parts = [&](Kind kind) {
    out.kind = kind;
    for (const spl::SearchExpr& part : expr.parts) out.parts.push_back(compile(part, dataset, set));
  };
  switch (expr.kind) {
    case Expr::everything:
    case Expr::subsearch: break;   // a subsearch is looked at again when its rows are known
    case Expr::all_of: parts(Kind::all_of); break;
    case Expr::any_of: parts(Kind::any_of); break;
    case Expr::none_of: parts(Kind::none_of); break;
    case Expr::compare:
    case Expr::member:
    case Expr::term: {
      out.kind = Kind::predicate;
      const bool term = expr.kind == Expr::term;
      const event::FieldId field = event::intern(term ? "_raw" : expr.field);
      out.predicate = set.add(set.feature(dataset, field), Test::compile(expr));
      break;
    }
  }
  return out;
}

Condition Condition::simplify(const std::function<std::optional<bool>(PredicateId)>& known) const {
  auto constant = [](bool value) {
    Condition c;
    c.kind = value ? Kind::always : Kind::never;
    return c;
  };
  switch (kind) {
    case Kind::always:
    case Kind::never: return *this;
    case Kind::predicate: {
      auto value = known(predicate);
      return value ? constant(*value) : *this;
    }
    case Kind::none_of: {
      Condition inner = parts.front().simplify(known);
      if (inner.kind == Kind::always) return constant(false);
      if (inner.kind == Kind::never) return constant(true);
      Condition out;
      out.kind = Kind::none_of;
      out.parts.push_back(std::move(inner));
      return out;
    }
    case Kind::all_of:
    case Kind::any_of: {
      const Kind decides = kind == Kind::all_of ? Kind::never : Kind::always;
      const Kind neutral = kind == Kind::all_of ? Kind::always : Kind::never;
      Condition out;
      out.kind = kind;
      for (const Condition& part : parts) {
        Condition inner = part.simplify(known);
        if (inner.kind == decides) return inner;
        if (inner.kind != neutral) out.parts.push_back(std::move(inner));
      }
      if (out.parts.empty()) return constant(kind == Kind::all_of);
      if (out.parts.size() == 1) return Condition(std::move(out.parts.front()));
      return out;
    }
  }
  return *this;
}

std::string Condition::print(const PredicateSet& set) const {
  auto inside = [&](std::string_view word) {
    std::string out(word);
    out += '(';
    for (std::size_t i = 0; i < parts.size(); ++i) out += (i ? ", " : "") + parts[i].print(set);
    return out + ")";
  };
  switch (kind) {
    case Kind::always: return "always";
    case Kind::never: return "never";
    case Kind::predicate: {
      const Predicate& p = set[predicate];
      return std::string(event::name_of(set.features()[p.feature].field)) + p.test.text();
    }
    case Kind::all_of: return inside("all");
    case Kind::any_of: return inside("any");
    case Kind::none_of: return inside("not");
  }
  return {};
}

}  // namespace escudo::match
