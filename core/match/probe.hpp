#pragma once
// Probe: asks a PredicateIndex, and remembers. Most fields of most logs take few values (images,
// users, hosts), so the answer for a value is usually known already.
//
// One a thread. The set and the index must outlive it. At most 256 values of up to 256 bytes are kept
// a feature: some 60 KB for each feature that rules ask much of.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "match/value_index.hpp"

namespace escudo::match {

class Probe {
 public:
  Probe(const PredicateSet& set, const PredicateIndex& index);

  // The covered predicates over `feature` that accept `value`. Valid until the next call.
  std::span<const PredicateId> accepted(FeatureId feature, std::string_view value);

  // How often a predicate was true of the values seen so far; the guess of the index at first.
  double frequency(PredicateId id) const;

 private:
  static constexpr std::size_t kSlots = 256, kLongest = 256;
  struct Slot {
    std::size_t hash = 0;
    bool used = false;
    std::string value;
    std::vector<PredicateId> accepted;
  };
  struct Memo {
    std::vector<Slot> slots;
    std::uint32_t asked = 0, known = 0;   // since the last look at whether it pays
    std::uint32_t rest = 0;               // so many more values pass it by
  };
  void look_up(FeatureId feature, std::string_view value, std::vector<PredicateId>& out);

  const PredicateSet& set_;
  const PredicateIndex& index_;
  std::unique_ptr<LiteralScanner::Scratch> scratch_;
  std::vector<Memo> memos_;               // by feature
  std::vector<std::uint64_t> values_seen_;   // by feature
  std::vector<std::uint64_t> accepted_;   // by predicate
  std::vector<std::uint32_t> hits_;
  std::vector<PredicateId> maybe_, result_;
};

}  // namespace escudo::match
