#pragma once
// Windowed: a search that runs over its schedule's windows of event time (schedule.hpp). Its rows wait
// in the state until their window is due, then one Run goes over them: what scan would do with just
// the events of that window. An event whose windows are all over is late: counted, not searched.
// A search over risk events gets those of the findings that were told in its window (risk_history.hpp).
// One thread.

#include "detect/live_pack.hpp"
#include "detect/live_state.hpp"
#include "detect/risk_history.hpp"
#include "detect/schedule.hpp"
#include "detect/throttle.hpp"

namespace escudo::detect {

class Windowed {
 public:
  // All must outlive it. What is told goes into `history`, what correlates risk reads it.
  Windowed(const RuleBook& book, std::uint32_t rule, LiveState& state, RiskHistory& history);

  // A matched row; `number` is its record's. `now` is what time was before it came.
  void add(const Matches& matches, const MatchedRow& row, std::uint64_t number, const findings::EvidenceEvent& event, base::Time now);
  // There is a risk event of that time.
  void add_risk(base::Time time, base::Time now) { (void)window_of(time, now); }
  // Searches the windows that are due.
  void advance(base::Time now, Origins& origins, std::vector<findings::Finding>& out);
  std::optional<base::Time> next_due() const { return next_ ? std::optional(next_->due) : std::nullopt; }

  // When the first window that is not over by `now` is due, with rows or without.
  std::optional<base::Time> boundary(base::Time now) const;
  // No window that is not over by `now` begins earlier.
  std::optional<base::Time> needs_from(base::Time now) const;

  std::uint64_t late() const { return late_; }
  std::uint64_t searched() const { return searched_; }
  std::uint64_t throttled() const { return throttled_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::optional<Window> window_of(base::Time time, base::Time now);
  void search(const Window& window, Origins& origins, std::vector<findings::Finding>& out);
  std::optional<base::Time> first_row(base::Time from) const;
  void remember();

  const RuleBook& book_;
  const std::uint32_t rule_;
  LiveState& state_;
  RiskHistory& history_;
  const bool correlates_, keeps_risk_;
  Schedule schedule_;
  Throttle throttle_;
  std::int64_t space_;
  std::uint32_t first_feed_ = 0;         // of the rule's feeds in the book
  std::optional<Window> next_;           // the first that has rows or may have
  std::optional<base::Time> closed_;     // the run of the last that was searched or passed
  std::uint64_t late_ = 0, searched_ = 0, throttled_ = 0;
  std::vector<std::string> warnings_;
};

}  // namespace escudo::detect
