#pragma once
// A finding as the risk events of Splunk Enterprise Security: what its index `risk` holds, one event a
// risk object. docs/sinks.md shows one. Private to sinks; pure.

#include <string>
#include <vector>

#include "findings/finding.hpp"

namespace escudo::sinks {

// JSON objects, in the order of the risk objects. None for a finding without risk, and for Hunting and
// Correlation detections, which raise none in ESCU's own deployments.
std::vector<std::string> risk_events_json(const findings::Finding& finding);

}  // namespace escudo::sinks
