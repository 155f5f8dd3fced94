// The whole run as one object: {findings, files, risk, summary}. Findings are written as they come,
// one a line. Nothing in it depends on how long the run took, so equal input gives equal bytes.

#include "base/json.hpp"
#include "sinks/formats.hpp"

namespace escudo::sinks {
namespace {

using base::JsonWriter;

void write_files(JsonWriter& json, const std::vector<FileSummary>& files) {
  json.begin_array();
  for (const FileSummary& file : files) {
    json.begin_object();
    json.member("path", file.path).member("records", file.records).member("damaged", file.damaged);
    json.key("reasons").begin_array();
    for (const std::string& reason : file.reasons) json.value(reason);
    json.end_array().end_object();
  }
  json.end_array();
}

void write_risk(JsonWriter& json, const std::vector<EntityRisk>& entities) {
  json.begin_array();
  for (const EntityRisk& entity : entities) {
    json.begin_object();
    json.member("type", entity.type).member("value", entity.value).member("score", entity.score);
    json.member("findings", entity.findings).end_object();
  }
  json.end_array();
}

void write_summary(JsonWriter& json, const RunSummary& summary) {
  json.begin_object();
  json.member("findings", summary.findings).member("records", summary.records);
  json.member("damaged", summary.damaged).member("bytes", summary.bytes);
  json.member("files", summary.files_total).member("files_unreadable", summary.files_unreadable);
  json.member("files_skipped", summary.files_skipped);
  json.member("rules", summary.rules).member("rules_invalid", summary.rules_invalid);
  json.member("rules_unsupported", summary.rules_unsupported);
  json.member("rules_partly", summary.rules_partly);
  json.member("interrupted", summary.interrupted);
  json.key("exit_codes").begin_array();
  for (const int code : summary.exit_codes) json.value(code);
  json.end_array().end_object();
}

class Json final : public FindingSink {
 public:
  explicit Json(Output& out) : out_(out) { out_.write("{\"findings\":["); }

  void add(const findings::Finding& finding) override {
    out_.write((first_ ? "\n" : ",\n") + finding_json(finding));
    first_ = false;
  }

  void finish(const RunSummary& summary) override {
    std::string tail = first_ ? "],\n" : "\n],\n";
    const auto member = [&](const char* name, auto write) {
      tail += '"';
      tail += name;
      tail += "\":";
      JsonWriter json(tail);
      write(json);
    };
    member("files", [&](JsonWriter& json) { write_files(json, summary.files); });
    tail += ",\n";
    member("risk", [&](JsonWriter& json) { write_risk(json, summary.risk); });
    tail += ",\n";
    member("summary", [&](JsonWriter& json) { write_summary(json, summary); });
    out_.write(tail + "}\n");
  }

 private:
  Output& out_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<FindingSink> make_json(Output& out, const TableStyle&) {
  return std::make_unique<Json>(out);
}

}  // namespace escudo::sinks
