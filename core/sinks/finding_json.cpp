// The JSON form of a finding is a contract (docs/cli.md): keys, their order, null where a value is
// missing. Only `risk` may be absent.

#include "sinks/finding_json.hpp"

namespace escudo::sinks {
namespace {

using base::JsonWriter;

void write_time(JsonWriter& json, const std::optional<base::Time>& time) {
  if (time) {
    json.value(base::format_utc(*time));
  } else {
    json.null();
  }
}

void write_cell(JsonWriter& json, const event::Value& cell) {
  if (cell.is_null()) {
    json.null();
  } else if (cell.is_number()) {
    json.value(cell.as_number());
  } else if (cell.is_text()) {
    json.value(cell.as_text());
  } else {
    json.begin_array();
    for (const std::string& text : cell.as_many()) json.value(text);
    json.end_array();
  }
}

void write_texts(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_risk(JsonWriter& json, const findings::Risk& risk) {
  json.begin_object();
  json.member("score", risk.score).member("message", risk.message);
  json.key("objects").begin_array();
  for (const findings::ScoredObject& object : risk.objects) {
    json.begin_object();
    json.member("field", object.field).member("type", object.type);
    json.member("value", object.value).member("score", object.score);
    json.end_object();
  }
  json.end_array();
  json.key("threat_objects").begin_array();
  for (const findings::ThreatValue& threat : risk.threats) {
    json.begin_object();
    json.member("field", threat.field).member("type", threat.type).member("value", threat.value);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_event(JsonWriter& json, const findings::EvidenceEvent& event) {
  json.begin_object();
  json.member("source", event.origin ? event.origin->path : std::string());
  json.member("record_id", event.record_id).member("channel", event.channel);
  json.key("event_id");
  if (event.event_id < 0) {
    json.null();
  } else {
    json.value(event.event_id);
  }
  // To the microsecond: it is the record's own time, while a finding's times come from the search.
  json.key("time");
  if (event.has_time) {
    json.value(base::format_utc_micros(event.time));
  } else {
    json.null();
  }
  json.member("recovered", event.recovered).end_object();
}

}  // namespace

void write_fields(JsonWriter& json, const findings::Finding& finding) {
  json.begin_object();
  for (const auto& [name, cell] : finding.fields) {
    json.key(name);
    write_cell(json, cell);
  }
  json.end_object();
}

std::string finding_json(const findings::Finding& finding) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "finding").member("finding_id", finding.finding_id);
  json.member("revision", static_cast<std::uint64_t>(finding.revision));
  json.member("detection", finding.rule->name).member("id", finding.rule->id);
  json.member("detection_type", finding.rule->type);
  json.key("first_time");
  write_time(json, finding.first_time);
  json.key("last_time");
  write_time(json, finding.last_time);
  json.member("count", finding.count);
  json.key("fields");
  write_fields(json, finding);
  if (finding.risk) {
    json.key("risk");
    write_risk(json, *finding.risk);
  }
  json.key("mitre_attack");
  write_texts(json, finding.rule->mitre_attack);
  json.key("analytic_stories");
  write_texts(json, finding.rule->analytic_stories);
  json.key("evidence").begin_object();
  json.member("total", finding.evidence.total);
  json.key("events").begin_array();
  for (const findings::EvidenceEvent& event : finding.evidence.events) write_event(json, event);
  json.end_array().end_object();
  json.end_object();
  return out;
}

}  // namespace escudo::sinks
