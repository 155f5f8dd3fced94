#pragma once
// TimeModifier: Splunk's relative time, "-70m@m", "@d", "@w1", "+1mon@mon-2d": steps from left to
// right, each an offset or a snap down to the start of a unit. "now" and "" are no step at all.
// UTC throughout. Immutable value type.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/timestamp.hpp"

namespace escudo::pipeline {

class TimeModifier {
 public:
  static std::optional<TimeModifier> parse(std::string_view text);
  // Nothing when the result lies beyond what a Time can tell.
  std::optional<base::Time> apply(base::Time t) const;

 private:
  struct Step {
    bool snap = false;
    std::int64_t count = 0;   // of an offset
    std::int64_t micros = 0;  // the unit, when it has one length
    int months = 0;           // the unit, when it is made of months
    int weekday = -1;         // snap to this one, 0 is Sunday
  };
  std::vector<Step> steps_;
};

}  // namespace escudo::pipeline
