#include "match/probe.hpp"

#include <algorithm>

namespace escudo::match {

Probe::Probe(const PredicateSet& set, const PredicateIndex& index)
    : set_(set),
      index_(index),
      memos_(index.features()),
      values_seen_(index.features()),
      accepted_(set.size()) {
  for (FeatureId f = 0; f < index.features(); ++f) index.of(f).prepare(scratch_);
}

void Probe::look_up(FeatureId feature, std::string_view value, std::vector<PredicateId>& out) {
  maybe_.clear();
  index_.of(feature).find(value, scratch_.get(), hits_, maybe_);
  std::sort(maybe_.begin(), maybe_.end());
  maybe_.erase(std::unique(maybe_.begin(), maybe_.end()), maybe_.end());
  out.clear();
  for (const PredicateId id : maybe_)
    if (set_[id].test.accepts(value)) out.push_back(id);
}

std::span<const PredicateId> Probe::accepted(FeatureId feature, std::string_view value) {
  // Where fewer than one value in eight is known, remembering costs more than it saves; look again
  // later.
  constexpr std::uint32_t look_after = 1024, pass_by = 16 * 1024;
  ++values_seen_[feature];
  Memo& memo = memos_[feature];
  const std::vector<PredicateId>* found = nullptr;
  if (memo.rest > 0 || value.size() > kLongest) {
    if (memo.rest > 0) --memo.rest;
    look_up(feature, value, result_);
    found = &result_;
  } else {
    if (memo.slots.empty()) memo.slots.resize(kSlots);
    const std::size_t hash = std::hash<std::string_view>{}(value);
    Slot& slot = memo.slots[hash % kSlots];
    if (slot.used && slot.hash == hash && slot.value == value) {
      ++memo.known;
    } else {
      look_up(feature, value, slot.accepted);
      slot.value.assign(value);
      slot.hash = hash;
      slot.used = true;
    }
    found = &slot.accepted;
    if (++memo.asked == look_after) {
      if (memo.known < look_after / 8) memo.rest = pass_by;
      memo.asked = memo.known = 0;
    }
  }
  for (const PredicateId id : *found) ++accepted_[id];
  return *found;
}

double Probe::frequency(PredicateId id) const {
  const std::uint64_t seen = values_seen_[set_[id].feature];
  if (seen < 128) return index_.guess(id);
  return static_cast<double>(accepted_[id]) / static_cast<double>(seen);
}

}  // namespace escudo::match
