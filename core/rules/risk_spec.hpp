#pragma once
// What a detection says of risk, from each generation of YAML. Private to rules; docs/risk.md tells
// the conversions. What is malformed is a warning and left out.

#include <optional>

#include "rules/fields.hpp"
#include "rules/rule.hpp"

namespace escudo::rules {

// `tags` with confidence, impact, message and observables.
std::optional<RiskSpec> risk_v4(const Fields& tags);
// The `rba` block.
std::optional<RiskSpec> risk_v5(const Fields& rba);
// The whole document: finding, intermediate_findings, threat_objects.
std::optional<RiskSpec> risk_v6(const Fields& document);

// {field, type, score} and {field, type}: v5 and v6 share them.
void add_risk_object(const Fields& object, const base::Yaml& at, RiskSpec& spec);
void add_threat_object(const Fields& object, const base::Yaml& at, RiskSpec& spec);

}  // namespace escudo::rules
