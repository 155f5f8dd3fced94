#pragma once
// Condition: the boolean tree of one feed over shared predicates.
//
// simplify() folds what is already known for a whole class of events (a constant source, an absent
// field) and leaves what must be looked at per event, cheapest first. Value type.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "match/predicates.hpp"
#include "spl/ast.hpp"

namespace escudo::match {

struct Condition {
  enum class Kind { always, never, predicate, all_of, any_of, none_of };
  Kind kind = Kind::always;
  PredicateId predicate = 0;
  std::vector<Condition> parts;

  static Condition compile(const spl::SearchExpr& expr, std::uint16_t dataset, PredicateSet& set);

  // `known` answers for predicates that are decided; the rest stays.
  Condition simplify(const std::function<std::optional<bool>(PredicateId)>& known) const;

  template <class Ask>
  bool evaluate(const Ask& ask) const {   // ask(PredicateId) -> bool
    switch (kind) {
      case Kind::always: return true;
      case Kind::never: return false;
      case Kind::predicate: return ask(predicate);
      case Kind::all_of:
        for (const Condition& part : parts)
          if (!part.evaluate(ask)) return false;
        return true;
      case Kind::any_of:
        for (const Condition& part : parts)
          if (part.evaluate(ask)) return true;
        return false;
      case Kind::none_of: return !parts.front().evaluate(ask);
    }
    return false;
  }

  std::string print(const PredicateSet& set) const;
};

}  // namespace escudo::match
