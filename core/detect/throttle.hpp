#pragma once
// Throttle: a rule's alert suppression. After a finding, others with the same values in the rule's
// throttle fields are held back for its period, in event time. What is remembered lies in the state.

#include <string>

#include "detect/live_state.hpp"
#include "findings/finding.hpp"

namespace escudo::detect {

// "3600s", "24h", "1d", "90" (seconds); nothing when it is no period.
std::optional<base::Duration> parse_period(std::string_view text);

class Throttle {
 public:
  Throttle(const rules::Rule& rule, LiveState& state);
  // False: held back. True: told, and those like it are held back from its time on.
  bool admits(const findings::Finding& finding, base::Time now);
  // Forgets what is over by `now`.
  void expire(base::Time now);

 private:
  LiveState& state_;
  std::vector<std::string> fields_;
  base::Duration period_{};
  std::int64_t space_ = 0;
};

}  // namespace escudo::detect
