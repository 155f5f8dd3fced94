// Tested by tests/unit/detect/risk_events.cpp and the cases named risk_*.

#include "detect/risk_events.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace escudo::detect {
namespace {

using event::Value;

void add_once(std::vector<std::string>& values, std::string_view value) {
  if (value.empty() || std::ranges::find(values, value) != values.end()) return;
  values.emplace_back(value);
}

// What the detection's techniques are called, and the tactics they serve.
struct Annotations {
  std::vector<std::string> ids, names, tactics, tactic_ids;
};

Annotations annotations_of(const rules::Rule& rule, const catalog::Catalog& catalog) {
  Annotations out;
  for (const std::string& id : rule.mitre_attack) {
    add_once(out.ids, id);
    const catalog::Technique* technique = catalog.find_technique(id);
    if (!technique) continue;
    add_once(out.names, technique->name);
    for (const std::string& tactic : technique->tactics) {
      add_once(out.tactics, tactic);
      add_once(out.tactic_ids, catalog.tactic_id(tactic));
    }
  }
  return out;
}

std::string as_json(const Annotations& annotations) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().key("mitre_attack").begin_array();
  for (const std::string& id : annotations.ids) json.value(id);
  json.end_array().end_object();
  return out;
}

class Events {
 public:
  explicit Events(const catalog::Catalog& catalog) : catalog_(catalog) {}

  void add(const Found& found) {
    const findings::Finding& finding = found.finding;
    const rules::Rule& rule = *finding.rule;
    if (!finding.risk || !raises_risk(rule)) return;
    const Annotations notes = annotations_of(rule, catalog_);
    std::vector<std::string> threats, threat_types;
    for (const findings::ThreatValue& threat : finding.risk->threats) {
      threats.push_back(threat.value);
      threat_types.push_back(threat.type);
    }
    const std::string name = "ESCU - " + rule.name + " - Rule";
    for (const findings::ScoredObject& object : finding.risk->objects) {
      row_ = &table_.rows.emplace_back();
      row_->cells.resize(table_.columns.size());
      row_->evidence = found.evidence;
      if (finding.last_time) {
        set("_time", Value(base::to_epoch_seconds(*finding.last_time)));
        set("orig_time", Value(base::to_epoch_seconds(*finding.last_time)));
      }
      set("source", name);
      set("search_name", name);
      set("sourcetype", "stash");
      set("index", "risk");
      set("detection_type", rule.type);
      set("risk_object", object.value);
      set("normalized_risk_object", object.value);
      set("risk_object_type", object.type);
      set("risk_score", Value(object.score));
      set("calculated_risk_score", Value(object.score));
      set("risk_message", finding.risk->message);
      set("threat_object", Value::many(threats));
      set("threat_object_type", Value::many(threat_types));
      set("analyticstories", Value::many(rule.analytic_stories));
      if (notes.ids.empty()) continue;
      set("annotations", as_json(notes));
      set("annotations._all", Value::many(notes.ids));
      set("annotations._frameworks", "mitre_attack");
      set("annotations.mitre_attack", Value::many(notes.ids));
      set("annotations.mitre_attack.mitre_technique_id", Value::many(notes.ids));
      set("annotations.mitre_attack.mitre_technique", Value::many(notes.names));
      set("annotations.mitre_attack.mitre_tactic", Value::many(notes.tactics));
      set("annotations.mitre_attack.mitre_tactic_id", Value::many(notes.tactic_ids));
    }
  }

  pipeline::Table take() { return std::move(table_); }

 private:
  void set(std::string_view column, Value value) {
    const std::size_t at = table_.add_column(column);
    row_->cells[at] = std::move(value);
  }

  const catalog::Catalog& catalog_;
  pipeline::Table table_;
  pipeline::Row* row_ = nullptr;
};

}  // namespace

bool raises_risk(const rules::Rule& rule) {
  return !base::iequals(rule.type, "Hunting") && !base::iequals(rule.type, "Correlation");
}

pipeline::Table risk_events(const std::vector<Found>& found, const catalog::Catalog& catalog) {
  Events events(catalog);
  for (const Found& each : found) events.add(each);
  return events.take();
}

}  // namespace escudo::detect
