// v6 parts what an analyst sees from what only adds up: a TTP has a `finding` about one `entity`;
// `intermediate_findings` name the entities that get risk without a finding. Threat objects stand
// beside both. All entities score; the finding's title, else the first message, is the message.

#include "rules/risk_spec.hpp"

namespace escudo::rules {
namespace {

void add_entities(const Fields& in, const base::Yaml& block, RiskSpec& spec);

void add_block(const Fields& parent, const base::Yaml& node, RiskSpec& spec) {
  if (node.is_list()) {
    for (const base::Yaml& item : node.items()) add_block(parent, item, spec);
    return;
  }
  if (node.is_map()) add_entities(parent.inside(node), node, spec);
}

// An entity itself, or something that holds `entity` or `entities`. The document's limit on depth
// bounds the recursion.
void add_entities(const Fields& in, const base::Yaml& block, RiskSpec& spec) {
  for (const char* key : {"title", "message"}) {
    if (spec.message.empty()) spec.message = in.text(key);
  }
  if (in.has("field")) add_risk_object(in, block, spec);
  for (const char* key : {"entity", "entities", "risk_objects"}) add_block(in, in[key], spec);
  if (in.has("threat_objects")) {
    for (const base::Yaml& item : in.maps("threat_objects")) {
      add_threat_object(in.inside(item), item, spec);
    }
  }
}

}  // namespace

std::optional<RiskSpec> risk_v6(const Fields& document) {
  if (!document.has("finding") && !document.has("intermediate_findings")) return {};
  RiskSpec spec;
  for (const char* key : {"finding", "intermediate_findings"}) {
    const base::Yaml block = document[key];
    if (block.is_scalar()) {
      document.warn(block, "wrong-type", std::string("`") + key + "` must be a map, not text",
                    "it is ignored");
    }
    add_block(document, block, spec);
  }
  for (const base::Yaml& item : document.maps("threat_objects")) {
    add_threat_object(document.inside(item), item, spec);
  }
  return spec;
}

}  // namespace escudo::rules
