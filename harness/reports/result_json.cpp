#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "harness/reports/reports.hpp"

namespace escudo::harness {
namespace {

using Json = nlohmann::json;

void write(base::JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write(base::JsonWriter& json, const Found& found) {
  json.begin_object().member("finding_id", found.id).member("first_time", found.first_time);
  if (found.score) json.member("score", *found.score);
  json.member("message", found.message).key("objects").begin_array();
  for (const RiskOfObject& object : found.objects) {
    json.begin_object().member("field", object.field).member("type", object.type);
    json.member("value", object.value).member("score", object.score).end_object();
  }
  json.end_array().end_object();
}

void write(base::JsonWriter& json, const TestReport& test) {
  json.begin_object()
      .member("detection", test.detection)
      .member("id", test.id)
      .member("test", test.test);
  json.member("path", test.path).member("line", static_cast<std::uint64_t>(test.line));
  json.member("state", state_name(test.state))
      .member("reason", test.reason)
      .member("seconds", test.seconds);
  json.member("contentctl_passes", test.contentctl_passes);
  json.key("datasets");
  write(json, test.datasets);
  json.key("mitre_attack");
  write(json, test.mitre);
  json.key("failures").begin_array();
  for (const Failure& failure : test.failures) {
    json.begin_object().member("code", failure.code).member("message", failure.message);
    json.member("detail", failure.detail)
        .member("line", static_cast<std::uint64_t>(failure.line))
        .end_object();
  }
  json.end_array().key("warnings");
  write(json, test.warnings);
  json.member("findings", test.findings).key("found").begin_array();
  for (const Found& found : test.found) write(json, found);
  json.end_array().end_object();
}

void write(base::JsonWriter& json, const DatasetReport& dataset) {
  json.begin_object().member("name", dataset.name).member("records", dataset.records);
  json.member("damaged", dataset.damaged)
      .member("bytes", dataset.bytes)
      .member("seconds", dataset.seconds);
  json.key("reasons");
  write(json, dataset.reasons);
  json.key("tested_by");
  write(json, dataset.tested);
  json.key("cross_fire").begin_array();
  for (const auto& [name, count] : dataset.others) {
    json.begin_object().member("detection", name).member("findings", count).end_object();
  }
  json.end_array().end_object();
}

void write(base::JsonWriter& json, const Change& change) {
  json.begin_object().member("test", change.title).member("path", change.path);
  json.member("before", change.before).member("after", change.after);
  json.key("gained").begin_array();
  for (const Found& found : change.gained) write(json, found);
  json.end_array().key("lost").begin_array();
  for (const Found& found : change.lost) write(json, found);
  json.end_array().key("rescored").begin_array();
  for (const auto& [before, after] : change.rescored) {
    json.begin_object().key("before");
    write(json, before);
    json.key("after");
    write(json, after);
    json.end_object();
  }
  json.end_array().end_object();
}

// Members of another type than ours count as absent: a kept file is data.
std::string text(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

double number(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_number() ? it->get<double>() : 0;
}

const Json& list(const Json& object, const char* name) {
  static const Json none = Json::array();
  const auto it = object.find(name);
  return it != object.end() && it->is_array() ? *it : none;
}

std::optional<State> state_of(const std::string& name) {
  for (const State state : {State::pass, State::fail, State::untested, State::error})
    if (name == state_name(state)) return state;
  return {};
}

Found read_found(const Json& from) {
  Found found{text(from, "finding_id"), text(from, "first_time"), text(from, "message"), {}, {}};
  if (const auto it = from.find("score"); it != from.end() && it->is_number())
    found.score = it->get<double>();
  for (const Json& object : list(from, "objects")) {
    if (!object.is_object()) continue;
    found.objects.push_back({text(object, "field"), text(object, "type"), text(object, "value"),
                             number(object, "score")});
  }
  return found;
}

}  // namespace

std::string result_json(const Report& report) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object()
      .member("type", "test_result")
      .member("version", report.version)
      .member("mode", report.mode);
  json.key("summary").begin_object();
  json.member("tests", static_cast<std::uint64_t>(report.tests.size()));
  for (const State state : {State::pass, State::fail, State::untested, State::error}) {
    json.member(state_name(state), report.count(state));
  }
  json.member("detections", report.detections)
      .member("bytes", report.bytes())
      .member("seconds", report.seconds);
  json.member("interrupted", report.interrupted).end_object();
  json.key("tests").begin_array();
  for (const TestReport& test : report.tests) write(json, test);
  json.end_array().key("datasets").begin_array();
  for (const DatasetReport& dataset : report.datasets) write(json, dataset);
  json.end_array();
  if (!report.base.empty()) {
    json.member("base", report.base).key("changes").begin_array();
    for (const Change& change : report.changes) write(json, change);
    json.end_array();
  }
  json.end_object();
  return out + "\n";
}

base::Result<Report> read_result(const std::string& json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object() || text(parsed, "type") != "test_result") {
    return base::Error{"it is no result of escudo test (--result writes one)"};
  }
  Report report;
  report.version = text(parsed, "version");
  report.mode = text(parsed, "mode");
  for (const Json& from : list(parsed, "tests")) {
    if (!from.is_object()) continue;
    const auto state = state_of(text(from, "state"));
    if (!state) return base::Error{"it has a test without a state"};
    TestReport& test = report.tests.emplace_back();
    test.detection = text(from, "detection");
    test.id = text(from, "id");
    test.test = text(from, "test");
    test.path = text(from, "path");
    test.state = *state;
    test.reason = text(from, "reason");
    test.findings = static_cast<std::uint64_t>(number(from, "findings"));
    for (const Json& found : list(from, "found"))
      if (found.is_object()) test.found.push_back(read_found(found));
  }
  return report;
}

}  // namespace escudo::harness
