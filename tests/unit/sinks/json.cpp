// The JSON of a finding is a contract: every byte of it.

#include "catch.hpp"
#include "support.hpp"

using namespace escudo;
using event::Value;

namespace {

const std::string wmi_json =
    R"({"type":"finding","finding_id":"0123456789abcdef0123456789abcdef","revision":0,)"
    R"("detection":"Windows WMI Process Call Create","id":"0661c2de-93de-11ec-9833-acde48001122",)"
    R"("detection_type":"Hunting","first_time":"2020-09-14T12:06:01Z",)"
    R"("last_time":"2020-09-14T12:06:01Z","count":1,"fields":{"parent_process_name":)"
    R"("powershell.exe","process":"WMIC.exe /node:WS6 process call create \"net user\"",)"
    R"("process_guid":"null","dest":"WS5.theshire.local","user":"THESHIRE\\pgustavo","count":1,)"
    R"("firstTime":"2020-09-14T12:06:01","lastTime":"2020-09-14T12:06:01"},"risk":{"score":25,)"
    R"("message":"process with WMIC.exe /node:WS6 process call create \"net user\" commandline )"
    R"(executed in WS5.theshire.local","objects":[{"field":"user","type":"user","value":)"
    R"("THESHIRE\\pgustavo","score":25},{"field":"dest","type":"system","value":)"
    R"("WS5.theshire.local","score":25}],"threat_objects":[]},"mitre_attack":["T1047"],)"
    R"("analytic_stories":["Volt Typhoon","Qakbot"],"evidence":{"total":1,"events":[{"source":)"
    R"("logs/a.evtx","record_id":423322,"channel":"Microsoft-Windows-Sysmon/Operational",)"
    R"("event_id":1,"time":"2020-09-14T12:06:01.826000Z","recovered":false}]}})";

const std::string bare_json =
    R"({"type":"finding","finding_id":"f","revision":0,"detection":"Bare","id":"bare",)"
    R"("detection_type":"","first_time":null,"last_time":null,"count":0,)"
    R"("fields":{"Computer":"pc","n":2.5},"mitre_attack":[],"analytic_stories":[],)"
    R"("evidence":{"total":0,"events":[]}})";

}  // namespace

TEST_CASE("a finding as JSON") { CHECK(sinks::finding_json(wmi_finding()) == wmi_json); }

TEST_CASE("what is missing is null, and no risk is no key") {
  CHECK(sinks::finding_json(bare_finding()) == bare_json);
  auto f = bare_finding();
  f.evidence.total = 1;
  f.evidence.events.emplace_back();
  f.evidence.events[0].recovered = true;
  CHECK(sinks::finding_json(f).ends_with(
      R"("evidence":{"total":1,"events":[{"source":"","record_id":0,"channel":"",)"
      R"("event_id":null,"time":null,"recovered":true}]}})"));
}

TEST_CASE("cells keep their kind, hostile bytes stay inside their string") {
  auto f = bare_finding();
  f.fields = {{"a", Value()},
              {"b", Value::many({"x", "y"})},
              {"c", Value("\x1b[31m\r\n\"\xff")},
              {"d\"", Value(1e6)}};
  CHECK(sinks::finding_json(f).find(R"("fields":{"a":null,"b":["x","y"],"c":"\u001b[31m\r\n\")"
                                    "\xEF\xBF\xBD"
                                    R"(","d\"":1000000})") != std::string::npos);
}

TEST_CASE("threat objects and fractional scores") {
  auto f = bare_finding();
  f.risk = findings::Risk{48.75, "m", {}, {{"process_name", "process", "x.exe"}}};
  CHECK(sinks::finding_json(f).find(
            R"("risk":{"score":48.75,"message":"m","objects":[],"threat_objects":[{"field":)"
            R"("process_name","type":"process","value":"x.exe"}]},"mitre_attack")") !=
        std::string::npos);
}

TEST_CASE("jsonl is one finding a line and nothing else") {
  CHECK(printed("jsonl", {}) == "");
  CHECK(printed("jsonl", {wmi_finding(), bare_finding()}) == wmi_json + "\n" + bare_json + "\n");
}

TEST_CASE("json is one object") {
  sinks::RunSummary s;
  s.files.push_back({"logs/a.evtx", 12, 2, 0, "evtx", {"record 3: torn"}});
  s.files_total = 1;
  s.records = 12;
  s.damaged = 2;
  s.bytes = 4096;
  s.findings = 1;
  s.rules = 1;
  s.risk = {{"system", "pc", 25, 1}};
  s.seconds = 1.5;  // not in it: equal input, equal bytes
  s.exit_codes = {2};
  const std::string tail =
      R"("files":[{"path":"logs/a.evtx","records":12,"damaged":2,"reasons":["record 3: torn"]}],)"
      "\n"
      R"("risk":[{"type":"system","value":"pc","score":25,"findings":1}],)"
      "\n"
      R"("summary":{"findings":1,"records":12,"damaged":2,"bytes":4096,"files":1,)"
      R"("files_unreadable":0,"files_skipped":0,"rules":1,"rules_invalid":0,)"
      R"("rules_unsupported":0,"rules_partly":0,"interrupted":false,"exit_codes":[2]}})"
      "\n";
  CHECK(printed("json", {bare_finding(), bare_finding()}, s) ==
        "{\"findings\":[\n" + bare_json + ",\n" + bare_json + "\n],\n" + tail);
  CHECK(printed("json", {}, s) == "{\"findings\":[],\n" + tail);
}

TEST_CASE("an unknown format is a sentence") {
  CHECK(printed("jsno", {}) == "no format is named `jsno` (did you mean `json`?)");
  CHECK(printed("pdf", {}) == "no format is named `pdf` (there are table, jsonl, json, csv)");
  CHECK(sinks::format_names() == std::vector<std::string>{"table", "jsonl", "json", "csv"});
}
