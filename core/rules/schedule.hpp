#pragma once
// When a checkout says its detections run. v4 and v5 have deployments/*.yml, one a detection type;
// v6 has schedules/*.yml, which a detection names. Private to rules.

#include <map>
#include <string>

#include "base/diagnostic.hpp"
#include "rules/fields.hpp"
#include "rules/rule.hpp"

namespace escudo::rules {

struct Schedule {
  std::string cron, earliest, latest;
  bool empty() const { return cron.empty() && earliest.empty() && latest.empty(); }
};

// cron_schedule, earliest_time and latest_time of a map; empty where there are none.
Schedule read_schedule(const Fields& map);

class Schedules {
 public:
  // Files that do not parse are warnings.
  static Schedules of_checkout(const std::string& folder, base::Diagnostics& problems);
  // Fills the schedule of a rule that has none of its own.
  void apply(Rule& rule) const;

 private:
  std::map<std::string, Schedule> by_type_;  // lower case
  std::map<std::string, Schedule> by_name_;
};

}  // namespace escudo::rules
