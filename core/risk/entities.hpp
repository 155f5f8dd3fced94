#pragma once
// Risk by entity: what the findings of one run add up to for each user, system or other thing.
//
// An entity is its type and its value, compared byte by byte, as Splunk groups risk_object and
// risk_object_type. Every scored object of a finding adds its score, so a host that a row names in
// two fields is scored twice, but the finding counts once. Belongs to one thread.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "findings/finding.hpp"

namespace escudo::risk {

struct EntityRisk {
  std::string type, value;
  double score = 0;
  std::uint64_t findings = 0;
};

class EntityTotals {
 public:
  void add(const findings::Finding& finding);
  // Highest score first; equal scores by type and value.
  std::vector<EntityRisk> ranked() const;

 private:
  struct Total {
    double score = 0;
    std::uint64_t findings = 0;
  };
  std::map<std::pair<std::string, std::string>, Total> totals_;
};

}  // namespace escudo::risk
