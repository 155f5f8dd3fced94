#pragma once
// ValueIndex: of the many predicates over one feature, those that can accept a value, without asking
// each. Exact values are looked up in a hash table, wildcards wait for a literal that each value
// they accept must contain.
//
// PredicateIndex: the ValueIndexes of all features of a PredicateSet. Immutable, shared by threads.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_hash.hpp"
#include "match/literal_scanner.hpp"
#include "match/predicates.hpp"

namespace escudo::match {

class ValueIndex {
 public:
  // False when nothing can be known of the test's values in advance. All before finish().
  bool add(PredicateId id, const Test& test);
  void finish();
  bool empty() const { return exact_.empty() && literals_.empty(); }

  void prepare(std::unique_ptr<LiteralScanner::Scratch>& scratch) const;
  // Appends every predicate that may accept the value; some more than once. `hits` is memory to work
  // with.
  void find(std::string_view value, LiteralScanner::Scratch* scratch,
            std::vector<std::uint32_t>& hits, std::vector<PredicateId>& out) const;

 private:
  std::unordered_map<std::string, std::vector<PredicateId>, base::TextHash, std::equal_to<>> exact_;
  std::size_t longest_exact_ = 0;
  std::vector<std::string> literals_;
  std::vector<std::vector<PredicateId>> by_literal_;
  std::unordered_map<std::string, std::uint32_t> literal_index_;
  std::unique_ptr<const LiteralScanner> scanner_;
};

class PredicateIndex {
 public:
  explicit PredicateIndex(const PredicateSet& set);

  const ValueIndex& of(FeatureId feature) const { return features_[feature]; }
  std::size_t features() const { return features_.size(); }
  // Whether the predicate is false for every value its feature's index does not name it for.
  bool covers(PredicateId id) const { return covered_[id] != 0; }
  // How often it may be true of a value, as a guess from its text.
  double guess(PredicateId id) const { return guess_[id]; }

 private:
  std::vector<ValueIndex> features_;
  std::vector<std::uint8_t> covered_;
  std::vector<double> guess_;
};

}  // namespace escudo::match
