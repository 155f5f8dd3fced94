#include "match/access.hpp"

namespace escudo::match {

std::optional<Access> rarest_access(const Condition& condition, const PredicateIndex& index,
                                    const std::function<double(PredicateId)>& frequency) {
  switch (condition.kind) {
    case Condition::Kind::predicate:
      if (!index.covers(condition.predicate)) return std::nullopt;
      return Access{{condition.predicate}, frequency(condition.predicate)};
    case Condition::Kind::all_of: {
      std::optional<Access> best;
      for (const Condition& part : condition.parts) {
        auto one = rarest_access(part, index, frequency);
        if (one && (!best || one->cost < best->cost)) best = std::move(one);
      }
      return best;
    }
    case Condition::Kind::any_of: {
      Access all;
      for (const Condition& part : condition.parts) {
        const auto one = rarest_access(part, index, frequency);
        if (!one) return std::nullopt;
        all.any.insert(all.any.end(), one->any.begin(), one->any.end());
        all.cost += one->cost;
      }
      return all;
    }
    case Condition::Kind::never: return Access{};
    case Condition::Kind::always:
    case Condition::Kind::none_of: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace escudo::match
