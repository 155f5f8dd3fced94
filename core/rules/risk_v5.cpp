// v5 gives every risk object its own score, under `rba`.

#include <algorithm>

#include "base/json.hpp"
#include "rules/risk_spec.hpp"

namespace escudo::rules {

void add_risk_object(const Fields& object, const base::Yaml& at, RiskSpec& spec) {
  RiskObject risk{object.text("field"), object.text("type"), 0};
  const auto score = object.number("score");
  if (risk.field.empty() || !score) {
    object.warn(at, "bad-risk-object", "a risk object needs `field` and `score`", "it is left out");
    return;
  }
  risk.score = *score;
  if (risk.type != "user" && risk.type != "system" && risk.type != "other") {
    object.warn(object.has("type") ? object["type"] : at, "bad-risk-object",
                "a risk object is a `user`, a `system` or `other`", "it is taken as `other`");
    risk.type = "other";
  }
  if (risk.score < 0 || risk.score > 100) {
    object.warn(object["score"], "bad-risk-object",
                "a score lies between 0 and 100, not " + base::number_text(risk.score));
  }
  const bool known = std::ranges::any_of(spec.objects, [&](const RiskObject& o) {
    return o.field == risk.field && o.type == risk.type && o.score == risk.score;
  });
  if (!known) spec.objects.push_back(std::move(risk));
}

void add_threat_object(const Fields& object, const base::Yaml& at, RiskSpec& spec) {
  ThreatObject threat{object.text("field"), object.text("type")};
  if (threat.field.empty()) {
    object.warn(at, "bad-threat-object", "a threat object needs a `field`", "it is left out");
    return;
  }
  const bool known = std::ranges::any_of(spec.threats, [&](const ThreatObject& t) {
    return t.field == threat.field && t.type == threat.type;
  });
  if (!known) spec.threats.push_back(std::move(threat));
}

std::optional<RiskSpec> risk_v5(const Fields& rba) {
  RiskSpec spec;
  spec.message = rba.text("message");
  for (const base::Yaml& item : rba.maps("risk_objects")) {
    add_risk_object(rba.inside(item), item, spec);
  }
  for (const base::Yaml& item : rba.maps("threat_objects")) {
    add_threat_object(rba.inside(item), item, spec);
  }
  return spec;
}

}  // namespace escudo::rules
