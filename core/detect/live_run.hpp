#pragma once
// LiveRun: matches in, findings out, for events that never end: the live twin of Run. Each rule runs
// as Growing or as Windowed (streaming.hpp). Everything it must not forget is in the LiveState once
// save() has returned.
//
// The RuleBook and the state must outlive it. One thread.

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "detect/growing.hpp"
#include "detect/live_state.hpp"
#include "detect/matcher.hpp"
#include "detect/risk_history.hpp"
#include "detect/streaming.hpp"
#include "detect/windowed.hpp"
#include "pipeline/lookup_table.hpp"

namespace escudo::detect {

struct LiveCounts {
  std::uint64_t matches = 0;      // rows that rules wanted
  std::uint64_t findings = 0;     // with revision 0
  std::uint64_t revisions = 0;    // later ones
  std::uint64_t late = 0;         // rows that came after their windows were over
  std::uint64_t throttled = 0;
  std::uint64_t windows = 0;      // searched
  std::uint64_t groups = 0;       // in memory
  std::uint64_t forgotten = 0;    // groups that were on disk for as long as they are kept
};

// What a rule cost since the start.
struct RuleCost {
  const rules::Rule* rule = nullptr;
  std::uint64_t rows = 0;
  std::uint64_t nanoseconds = 0;
};

class LiveRun {
 public:
  // Takes up the state where it was saved. State of rules whose search has changed is dropped.
  LiveRun(const RuleBook& book, LiveState& state, const Retention& retention = {});
  ~LiveRun();

  // Matches in the order of the log. `now` is a steady tick.
  void feed(Matches matches, Tick now);
  // What time it is in the log: windows that are due are searched. Never goes backwards.
  void advance(base::Time event_time);
  // Findings whose time has come, `all` without waiting for their second.
  std::vector<findings::Finding> take(Tick now, bool all);
  std::optional<Tick> next_due() const;
  std::optional<base::Time> next_window() const;
  base::Time event_time() const { return event_time_; }

  void save();
  LiveCounts counts() const;
  std::vector<RuleCost> costs() const;   // of rules that had rows, the dearest first
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Search;
  Search* search_of(std::uint32_t rule);
  void trim();
  void sweep(std::size_t budget);
  void drop_left();
  void search_due(bool correlations, base::Time before);
  void note_risk(base::Time now);
  void tell_before_correlations(base::Time event_time);

  const RuleBook& book_;
  LiveState& state_;
  pipeline::LookupStore lookups_;
  base::FixedClock clock_{base::Time{}};
  pipeline::Context context_;
  LiveRecords records_;
  std::int64_t space_;
  RiskHistory history_;
  std::vector<std::unique_ptr<Search>> searches_;   // by rule
  std::vector<findings::Finding> ready_;
  Tick tick_{};                      // of the last feed or take
  base::Time event_time_{};
  std::uint64_t saves_ = 0;
  const Retention retention_;
  std::size_t swept_ = 0;            // the rule that was looked at last
  LiveCounts counts_;
  std::vector<std::string> warnings_;
};

}  // namespace escudo::detect
