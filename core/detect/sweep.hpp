#pragma once
// Sweep: what to forget of a space whose values begin with the time they were last of use (base/pack.hpp),
// a few at a time and round and round. What is older than Retention::keep is over; where there are more
// than Retention::most, so are the oldest of those that the last round saw, to the minute.
//
// The state must outlive it. One thread.

#include <map>
#include <string>
#include <vector>

#include "detect/live_state.hpp"

namespace escudo::detect {

// How long groups of monotone searches are remembered.
struct Retention {
  base::Duration keep = std::chrono::hours(24 * 30);   // of event time, since their last event
  std::size_t most = 200'000;                          // of one rule
};

class Sweep {
 public:
  Sweep(LiveState& state, std::int64_t space) : state_(&state), space_(space) {}
  // Looks at up to `budget` values, which is less by those afterwards; the keys of those that are over by
  // `now`. What is left of the budget says that the round is done.
  std::vector<std::string> step(base::Time now, const Retention& retention, std::size_t& budget);

 private:
  LiveState* state_;
  std::int64_t space_;
  std::string at_;                             // the key that was looked at last
  std::map<std::int64_t, std::size_t> ages_;   // of this round: how many by minute
  std::int64_t cut_ = INT64_MIN;               // by the last round: what is of an earlier minute is over
};

}  // namespace escudo::detect
