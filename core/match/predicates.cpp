#include "match/predicates.hpp"

namespace escudo::match {

FeatureId PredicateSet::feature(std::uint16_t dataset, event::FieldId field) {
  auto [at, fresh] = feature_index_.try_emplace({dataset, field}, static_cast<FeatureId>(features_.size()));
  if (fresh) features_.push_back({dataset, field});
  return at->second;
}

PredicateId PredicateSet::add(FeatureId feature, Test test) {
  auto [at, fresh] = predicate_index_.try_emplace({feature, test.text()}, static_cast<PredicateId>(predicates_.size()));
  if (fresh) predicates_.push_back({feature, std::move(test)});
  return at->second;
}

}  // namespace escudo::match
