// A row a finding, for spreadsheets. The columns are the same for every detection; the row's own
// fields stand in one column as JSON. Cells are made harmless, so a finding is always one line, and
// formula-safe: what a log says never runs in a spreadsheet.

#include <array>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "sinks/finding_json.hpp"
#include "sinks/formats.hpp"

namespace escudo::sinks {
namespace {

using findings::Finding;

std::string time_text(const std::optional<base::Time>& time) {
  return time ? base::format_utc(*time) : std::string();
}

std::string field_text(const Finding& finding, std::string_view name) {
  for (const auto& [field, cell] : finding.fields) {
    if (field != name) continue;
    std::string out;
    for (const std::string& text : cell.values()) out += (out.empty() ? "" : "; ") + text;
    return out;
  }
  return {};
}

template <class List, class Text>
std::string joined(const List& list, Text text) {
  std::string out;
  for (const auto& one : list) out += (out.empty() ? "" : "; ") + text(one);
  return out;
}

std::string same(const std::string& text) { return text; }

std::string objects_text(const Finding& finding) {
  if (!finding.risk) return {};
  return joined(finding.risk->objects, [](const findings::ScoredObject& o) {
    return o.type + ' ' + o.value + " +" + base::number_text(o.score);
  });
}

std::string threats_text(const Finding& finding) {
  if (!finding.risk) return {};
  return joined(finding.risk->threats,
                [](const findings::ThreatValue& t) { return t.type + ' ' + t.value; });
}

std::string records_text(const Finding& finding) {
  return joined(finding.evidence.events, [](const findings::EvidenceEvent& e) {
    return (e.origin ? e.origin->path : std::string()) + '#' + std::to_string(e.record_id);
  });
}

std::string fields_text(const Finding& finding) {
  std::string out;
  base::JsonWriter json(out);
  write_fields(json, finding);
  return out;
}

struct Column {
  std::string_view name;
  std::string (*text)(const Finding&);
};

constexpr std::array columns{
    Column{"first_time", [](const Finding& f) { return time_text(f.first_time); }},
    Column{"last_time", [](const Finding& f) { return time_text(f.last_time); }},
    Column{"detection", [](const Finding& f) { return f.rule->name; }},
    Column{"detection_type", [](const Finding& f) { return f.rule->type; }},
    Column{
        "score",
        [](const Finding& f) { return f.risk ? base::number_text(f.risk->score) : std::string(); }},
    Column{"message", [](const Finding& f) { return f.risk ? f.risk->message : std::string(); }},
    Column{"count", [](const Finding& f) { return std::to_string(f.count); }},
    Column{"dest", [](const Finding& f) { return field_text(f, "dest"); }},
    Column{"user", [](const Finding& f) { return field_text(f, "user"); }},
    Column{"process", [](const Finding& f) { return field_text(f, "process"); }},
    Column{"risk_objects", objects_text},
    Column{"threat_objects", threats_text},
    Column{"mitre_attack", [](const Finding& f) { return joined(f.rule->mitre_attack, same); }},
    Column{"analytic_stories",
           [](const Finding& f) { return joined(f.rule->analytic_stories, same); }},
    Column{"records_total", [](const Finding& f) { return std::to_string(f.evidence.total); }},
    Column{"records", records_text},
    Column{"fields", fields_text},
    Column{"id", [](const Finding& f) { return f.rule->id; }},
    Column{"finding_id", [](const Finding& f) { return f.finding_id; }},
};

class Csv final : public FindingSink {
 public:
  explicit Csv(Output& out) : out_(out) {
    std::string line;
    for (const Column& column : columns) {
      if (!line.empty()) line += ',';
      line += column.name;
    }
    out_.write(line + '\n');
  }

  void add(const Finding& finding) override {
    std::string line;
    for (const Column& column : columns) {
      if (&column != &columns.front()) line += ',';
      base::append_csv_cell(line, base::harmless(column.text(finding)), true);
    }
    out_.write(line + '\n');
  }

  void finish(const RunSummary&) override {}

 private:
  Output& out_;
};

}  // namespace

std::unique_ptr<FindingSink> make_csv(Output& out, const TableStyle&) {
  return std::make_unique<Csv>(out);
}

}  // namespace escudo::sinks
