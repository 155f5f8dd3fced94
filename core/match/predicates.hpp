#pragma once
// PredicateSet: the comparisons of all rules, each kept once. Conditions (condition.hpp) are trees over
// their numbers; per event each is evaluated at most once, whoever asks first.
//
// Filled while rules compile, immutable afterwards, then shared between threads.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "event/field.hpp"
#include "match/test.hpp"

namespace escudo::match {

// A field of a dataset (or of raw events), by a dense number shared by all rules.
using FeatureId = std::uint32_t;
struct Feature {
  std::uint16_t dataset = 0xFFFF;   // cim::DatasetId index; 0xFFFF is raw
  event::FieldId field;
};

using PredicateId = std::uint32_t;
struct Predicate {
  FeatureId feature = 0;
  Test test;
};

class PredicateSet {
 public:
  FeatureId feature(std::uint16_t dataset, event::FieldId field);
  PredicateId add(FeatureId feature, Test test);

  const std::vector<Feature>& features() const { return features_; }
  const Predicate& operator[](PredicateId id) const { return predicates_[id]; }
  std::size_t size() const { return predicates_.size(); }

 private:
  std::vector<Feature> features_;
  std::vector<Predicate> predicates_;
  std::map<std::pair<std::uint16_t, event::FieldId>, FeatureId> feature_index_;
  std::map<std::pair<FeatureId, std::string>, PredicateId> predicate_index_;
};

}  // namespace escudo::match
