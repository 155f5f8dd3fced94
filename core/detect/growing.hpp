#pragma once
// Growing: a monotone search that never ends (streaming.hpp). The first event of a group is told at
// once, later ones under the same finding_id with the next revision, at most once a second.
//
// Groups in memory are a cache: save() writes those that changed, forget_idle() drops those that
// nobody waits for; they come back from the state with their next event. One thread.

#include <chrono>
#include <map>
#include <set>
#include <unordered_map>

#include "detect/live_pack.hpp"
#include "detect/live_state.hpp"
#include "detect/risk_history.hpp"
#include "detect/sweep.hpp"
#include "detect/throttle.hpp"
#include "pipeline/group_states.hpp"
#include "pipeline/operator.hpp"

namespace escudo::detect {

using Tick = std::chrono::milliseconds;   // since any beginning, never backwards

// Records that live groups name as their evidence, by number.
struct LiveRecords {
  std::unordered_map<std::uint64_t, findings::EvidenceEvent> by_number;
  std::uint64_t next = 1;
  Origins origins;
};

class Growing {
 public:
  static constexpr Tick kBetweenRevisions{1000};

  // All must outlive it; `context` is what its operators ask. What is told goes into `history` too.
  Growing(const CompiledRule& rule, bool grouped, const pipeline::Context& context, LiveState& state,
          LiveRecords& records, RiskHistory& history);

  // Rows of the rule's feed, with their records' numbers.
  void push(pipeline::Table rows, Tick now);
  // Findings whose time has come. `all`: those that wait for their second too.
  void take(Tick now, base::Time event_time, bool all, std::vector<findings::Finding>& out);
  std::optional<Tick> next_due() const;

  // How many values it put into the state.
  std::size_t save(base::Time event_time);
  void forget_idle();
  std::size_t groups() const { return groups_ ? groups_->size() : 0; }
  void mark_records(std::set<std::uint64_t>& used) const;
  void expire(base::Time event_time) { throttle_.expire(event_time); }
  // Looks at up to `budget` of the groups on disk, which is less by those afterwards, and forgets those that
  // are over: their next event tells them anew.
  void sweep(base::Time event_time, const Retention& retention, std::size_t& budget);
  std::uint64_t forgotten() const { return forgotten_; }
  std::uint64_t throttled() const { return throttled_; }

 private:
  struct Told {
    bool told = false;
    bool waits = false;          // changed since it was told
    std::uint32_t revision = 0;  // of the last that was told
    std::optional<Tick> last;
    std::map<std::int64_t, base::Time> minutes;   // with events since it was told, and the last of each
  };
  // A row that may be told, of a search without groups.
  struct Ready {
    findings::Finding finding;
    bool again = false;          // equal to one that came before
  };
  struct SeenRow {
    std::optional<base::Time> last;
    bool told = false;           // not held back by throttling
  };
  std::optional<std::string> recall(const std::string& key);
  void push_by_minutes(pipeline::Table rows, Tick now);
  void changed(Tick now, std::optional<base::Time> time);
  void keep_risk(const findings::Finding& finding, const std::map<std::int64_t, base::Time>& minutes);
  void restore_waiting();
  bool tell(const std::string& key, Tick now, base::Time event_time, std::vector<findings::Finding>& out);
  void tell_rows(pipeline::Table rows);

  const CompiledRule& rule_;
  LiveState& state_;
  LiveRecords& records_;
  RiskHistory& history_;
  const bool keeps_risk_;
  Throttle throttle_;
  pipeline::Context context_;         // outlives the stream
  std::unique_ptr<pipeline::Stream> stream_;
  pipeline::GroupStates* groups_ = nullptr;
  std::int64_t space_, waiting_space_;
  std::unordered_map<std::string, Told> told_;        // of groups in memory
  std::set<std::string> unsaved_;
  std::multimap<Tick, std::string> due_;
  std::vector<Ready> ready_;
  std::map<std::string, SeenRow> seen_rows_;          // since the last save, by finding
  Sweep sweep_;
  std::uint64_t throttled_ = 0, forgotten_ = 0;
};

}  // namespace escudo::detect
