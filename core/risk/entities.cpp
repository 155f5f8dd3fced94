#include "risk/entities.hpp"

#include <algorithm>
#include <set>

namespace escudo::risk {

void EntityTotals::add(const findings::Finding& finding) {
  if (!finding.risk) return;
  std::set<Total*> counted;
  for (const findings::ScoredObject& object : finding.risk->objects) {
    Total& total = totals_[{object.type, object.value}];
    total.score += object.score;
    if (counted.insert(&total).second) ++total.findings;
  }
}

std::vector<EntityRisk> EntityTotals::ranked() const {
  std::vector<EntityRisk> out;
  out.reserve(totals_.size());
  for (const auto& [entity, total] : totals_) {
    out.push_back({entity.first, entity.second, total.score, total.findings});
  }
  std::ranges::stable_sort(out, std::ranges::greater(), &EntityRisk::score);
  return out;
}

}  // namespace escudo::risk
