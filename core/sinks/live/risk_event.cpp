// Tested by tests/unit/sinks/live_hec.cpp.

#include "sinks/live/risk_event.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace escudo::sinks {
namespace {

using base::JsonWriter;

void write_texts(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_cell(JsonWriter& json, const event::Value& cell) {
  if (cell.is_number()) {
    json.value(cell.as_number());
  } else if (cell.is_text()) {
    json.value(cell.as_text());
  } else {
    write_texts(json, cell.as_many());
  }
}

}  // namespace

std::vector<std::string> risk_events_json(const findings::Finding& finding) {
  std::vector<std::string> out;
  const rules::Rule& rule = *finding.rule;
  if (!finding.risk || base::iequals(rule.type, "Hunting") || base::iequals(rule.type, "Correlation")) return out;
  const std::string name = "ESCU - " + rule.name + " - Rule";
  for (const findings::ScoredObject& object : finding.risk->objects) {
    JsonWriter json(out.emplace_back());
    json.begin_object().member("search_name", name);
    // What tells a repeated event from a new one: the sid of a search that ran once.
    json.member("orig_sid", finding.finding_id + "_" + std::to_string(finding.revision));
    json.member("finding_id", finding.finding_id);
    json.member("revision", static_cast<std::uint64_t>(finding.revision));
    if (finding.last_time) json.member("orig_time", base::to_epoch_seconds(*finding.last_time));
    if (finding.first_time) json.member("info_min_time", base::to_epoch_seconds(*finding.first_time));
    if (finding.last_time) json.member("info_max_time", base::to_epoch_seconds(*finding.last_time));
    json.member("risk_object", object.value).member("risk_object_type", object.type);
    json.member("risk_score", object.score).member("risk_message", finding.risk->message);
    if (!finding.risk->threats.empty()) {
      json.key("threat_object").begin_array();
      for (const findings::ThreatValue& threat : finding.risk->threats) json.value(threat.value);
      json.end_array().key("threat_object_type").begin_array();
      for (const findings::ThreatValue& threat : finding.risk->threats) json.value(threat.type);
      json.end_array();
    }
    json.key("analyticstories");
    write_texts(json, rule.analytic_stories);
    std::string annotations;
    JsonWriter notes(annotations);
    notes.begin_object().key("mitre_attack");
    write_texts(notes, rule.mitre_attack);
    notes.key("analytic_story");
    write_texts(notes, rule.analytic_stories);
    notes.end_object();
    json.member("annotations", annotations);
    json.key("annotations.mitre_attack");
    write_texts(json, rule.mitre_attack);
    json.member("detection_type", rule.type);
    static constexpr std::string_view taken[] = {"search_name", "orig_sid", "finding_id", "revision", "orig_time",
        "info_min_time", "info_max_time", "risk_object", "risk_object_type", "risk_score", "risk_message",
        "threat_object", "threat_object_type", "analyticstories", "annotations", "annotations.mitre_attack",
        "detection_type"};
    for (const auto& [field, cell] : finding.fields) {
      bool ours = cell.is_null();
      for (const std::string_view each : taken) ours = ours || each == field;
      if (ours) continue;
      json.key(field);
      write_cell(json, cell);
    }
    json.end_object();
  }
  return out;
}

}  // namespace escudo::sinks
