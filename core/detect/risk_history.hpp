#pragma once
// RiskHistory: what the findings of a run that never ends are worth, by event time, for the searches
// that correlate them. Lies in the state until no window can want it any more. A group is kept
// again with each revision, once for every minute in which it had events: whatever window asks gets
// it once, as it was told last there. Nothing is kept while no rule correlates risk.
//
// The RuleBook and the state must outlive it. One thread.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "detect/live_pack.hpp"
#include "detect/live_state.hpp"
#include "detect/risk_events.hpp"
#include "detect/rule_book.hpp"

namespace escudo::detect {

class RiskHistory {
 public:
  RiskHistory(const RuleBook& book, LiveState& state);

  // Some rule correlates risk.
  bool wanted() const { return wanted_; }
  // The findings of this rule are looked at.
  bool wants(const CompiledRule& rule) const;
  // A group's finding that was told, at each of these times.
  void keep(const findings::Finding& finding, const std::vector<base::Time>& times);
  // One that is no revision: it counts for itself, also beside one with the same identity.
  void keep_row(const findings::Finding& finding);
  // The times of what was kept since the last call.
  std::vector<base::Time> take_kept() { return std::exchange(kept_, {}); }

  // The findings of [start, end): of each group the last that was kept, dated when that was. Their records
  // are numbered by their place in `records`, from `base` on.
  std::vector<Found> within(base::Time start, base::Time end, Origins& origins, std::uint64_t base,
                            std::vector<findings::EvidenceEvent>& records) const;
  // The earliest time from `from` on.
  std::optional<base::Time> first(base::Time from) const { return state_.first_time(space_, from); }
  void erase_before(base::Time time);

 private:
  LiveState& state_;
  std::int64_t space_;
  bool wanted_ = false;
  std::unordered_map<std::string, rules::RulePtr> rules_;   // by id and name
  std::vector<base::Time> kept_;
};

}  // namespace escudo::detect
