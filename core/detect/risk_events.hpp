#pragma once
// Risk events: what the findings of a run look like to searches of the data model Risk.All_Risk,
// one row a finding and risk object. docs/risk.md tells the fields. Pure, thread-safe.

#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "findings/finding.hpp"
#include "pipeline/row.hpp"

namespace escudo::detect {

inline constexpr std::string_view risk_dataset = "Risk.All_Risk";

// A finding and the records behind it, by the numbers the run gave them.
struct Found {
  findings::Finding finding;
  pipeline::Evidence evidence;
};

// Hunting and Correlation detections raise no risk, as in ESCU's own deployments.
bool raises_risk(const rules::Rule& rule);
// In the order of `found`, of those that raise risk.
pipeline::Table risk_events(const std::vector<Found>& found, const catalog::Catalog& catalog);

}  // namespace escudo::detect
