#pragma once
// Schedule: over which windows of event time a windowed search runs, and when. From the rule's cron
// line and time modifiers; a rule without them runs as Splunk's content does, every hour over
// [-70m@m, -10m@m). A window is searched once time has reached its run: what its latest lies before
// the run is the time that late events have; it is at least one minute. UTC. Immutable value type.

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "base/timestamp.hpp"
#include "pipeline/time_modifier.hpp"
#include "rules/rule.hpp"

namespace escudo::detect {

// "*/5 0-6 * * 1,3": minute, hour, day of month, month, day of week (0 and 7 are Sunday). As in cron,
// when both days are given either will do.
class Cron {
 public:
  static std::optional<Cron> parse(std::string_view line);
  // The first time strictly after `t`; nothing when there is none within eight years.
  std::optional<base::Time> after(base::Time t) const;

 private:
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = true, any_weekday_ = true;
};

struct Window {
  base::Time run{};            // what now() is
  base::Time start{}, end{};   // [start, end)
  base::Time due{};            // when time reaches this, the search runs
};

class Schedule {
 public:
  // What is malformed counts as missing; `problem` says so.
  static Schedule of(const rules::Rule& rule, std::string* problem = nullptr);

  // The window of the first run after `t` that is not empty.
  std::optional<Window> after(base::Time t) const;
  // The first window, of a run after `closed`, that holds `t`; nothing when all are over.
  std::optional<Window> holding(base::Time t, std::optional<base::Time> closed) const;
  std::string text() const;    // "[-70m@m, -10m@m) at 0 * * * *"

 private:
  Cron cron_;
  pipeline::TimeModifier earliest_, latest_;
  std::string cron_text_, earliest_text_, latest_text_;
};

}  // namespace escudo::detect
