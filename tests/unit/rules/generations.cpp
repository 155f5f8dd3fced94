// The three generations of YAML become the same Rule.

#include "catch.hpp"
#include "rules/rule.hpp"
#include "scratch.hpp"

using namespace escudo;
using rules::Generation;

namespace {

constexpr const char* v4 = R"(name: Tool Abuse
id: 11111111-2222-3333-4444-555555555555
version: 2
status: production
type: TTP
data_source:
- Sysmon EventID 1
- Windows Event Log Security 4688
search: '| tstats count from datamodel=Endpoint.Processes where Processes.process = "* a *"
  by Processes.dest | `tool_abuse_filter`'
tags:
  analytic_story:
  - Story One
  confidence: 90
  impact: 70
  risk_score: 63
  message: $process$ on $dest$
  mitre_attack_id:
  - T1047
  - T1059.001
  observable:
  - name: user
    type: User
    role: [Victim]
  - name: dest
    type: Hostname
    role: [Victim]
  - name: process_name
    type: Process
    role: [Attacker]
  manual_test: needs a domain controller
tests:
- name: True Positive Test
  attack_data:
  - data:
      https://media.example.org/datasets/T1047/windows-sysmon.log
    source: XmlWinEventLog:Microsoft-Windows-Sysmon/Operational
    sourcetype: xmlwineventlog
    host: lab
  - data: >-
      https://media.example.org/datasets/T1047/a-name-that-was-
      folded.log
    source: s
    sourcetype: t
)";

rules::RulePtr loaded(const std::string& yaml) {
  base::Diagnostics problems;
  auto rule = rules::load_rule(yaml, "r.yml", problems);
  CHECK(codes(problems) == "");
  REQUIRE(rule);
  return rule;
}

std::string shown(const rules::RiskSpec& spec) {
  std::string out = spec.message;
  for (const auto& o : spec.objects) {
    out += "|" + o.field + " " + o.type + " " + std::to_string(static_cast<int>(o.score));
  }
  for (const auto& t : spec.threats) out += "|!" + t.field + " " + t.type;
  return out;
}

}  // namespace

TEST_CASE("a v4 detection") {
  const auto rule = loaded(v4);
  CHECK(rule->generation == Generation::v4);
  CHECK(rule->name == "Tool Abuse");
  CHECK(rule->id == "11111111-2222-3333-4444-555555555555");
  CHECK(rule->type == "TTP");
  CHECK(rule->status == "production");
  CHECK(rule->path == "r.yml");
  CHECK(rule->search ==
        "| tstats count from datamodel=Endpoint.Processes where Processes.process = \"* a *\" "
        "by Processes.dest | `tool_abuse_filter`");
  CHECK(rule->search_node.line() == 9);
  CHECK(rule->data_sources ==
        std::vector<std::string>{"Sysmon EventID 1", "Windows Event Log Security 4688"});
  CHECK(rule->mitre_attack == std::vector<std::string>{"T1047", "T1059.001"});
  CHECK(rule->analytic_stories == std::vector<std::string>{"Story One"});
  CHECK(rule->manual_test == "needs a domain controller");
  REQUIRE(rule->risk);
  CHECK(rule->risk->score() == 63);
  CHECK(shown(*rule->risk) ==
        "$process$ on $dest$|user user 63|dest system 63|!process_name process");
  REQUIRE(rule->tests.size() == 1);
  CHECK(rule->tests[0].name == "True Positive Test");
  REQUIRE(rule->tests[0].data.size() == 2);
  CHECK(rule->tests[0].data[0].data ==
        "https://media.example.org/datasets/T1047/windows-sysmon.log");
  CHECK(rule->tests[0].data[0].source == "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational");
  CHECK(rule->tests[0].data[0].sourcetype == "xmlwineventlog");
  CHECK(rule->tests[0].data[0].host == "lab");
  CHECK(rule->tests[0].data[1].data ==
        "https://media.example.org/datasets/T1047/a-name-that-was-folded.log");
}

TEST_CASE("a v5 detection scores each object") {
  const auto rule = loaded(R"(
name: A
id: b
type: Anomaly
search: index=main
rba:
  message: $dest$ did it
  risk_objects:
    - {field: user, type: user, score: 56}
    - {field: dest, type: system, score: 60}
    - {field: dest, type: system, score: 60}
  threat_objects:
    - {field: process_name, type: process_name}
tags:
  analytic_story: [S]
  mitre_attack_id: [T1560.001]
  throttling:
    fields: [dest, user]
    period: 86400s
)");
  CHECK(rule->generation == Generation::v5);
  REQUIRE(rule->risk);
  CHECK(rule->risk->score() == 60);
  CHECK(shown(*rule->risk) ==
        "$dest$ did it|user user 56|dest system 60|!process_name process_name");
  CHECK(rule->mitre_attack == std::vector<std::string>{"T1560.001"});
  CHECK(rule->throttle_fields == std::vector<std::string>{"dest", "user"});
  CHECK(rule->throttle_period == "86400s");
}

TEST_CASE("tags without scores are v5, and no risk is no risk") {
  const auto rule = loaded("name: A\nid: b\nsearch: index=main\ntags:\n  mitre_attack_id: [T1]\n");
  CHECK(rule->generation == Generation::v5);
  CHECK_FALSE(rule->risk);
}

TEST_CASE("a v6 TTP has a finding and intermediate findings") {
  const auto rule = loaded(R"(
name: A
id: b
type: TTP
search: index=main
analytic_story: [S]
mitre_attack_id: [T1047]
finding:
  title: $user$ ran it on $dest$
  entity:
    field: user
    type: user
    score: 50
intermediate_findings:
  message: seen on $dest$
  entities:
    - field: dest
      type: system
      score: 20
threat_objects:
  - field: process_name
    type: process_name
custom_schedule:
  cron_schedule: 5 * * * *
  earliest_time: -1h
  latest_time: now
)");
  CHECK(rule->generation == Generation::v6);
  CHECK(rule->analytic_stories == std::vector<std::string>{"S"});
  CHECK(rule->mitre_attack == std::vector<std::string>{"T1047"});
  REQUIRE(rule->risk);
  CHECK(shown(*rule->risk) ==
        "$user$ ran it on $dest$|user user 50|dest system 20|"
        "!process_name process_name");
  CHECK(rule->risk->score() == 50);
  CHECK(rule->cron == "5 * * * *");
  CHECK(rule->earliest == "-1h");
  CHECK(rule->latest == "now");
}

TEST_CASE("a v6 anomaly only has intermediate findings, as a list or a map") {
  const std::string head = "name: A\nid: b\ntype: Anomaly\nsearch: index=main\n";
  const std::string wanted = "m1|dest system 20|user user 30|!url url";
  SECTION("list of entities with messages") {
    const auto rule = loaded(head + R"(intermediate_findings:
  - {field: dest, type: system, score: 20, message: m1}
  - {field: user, type: user, score: 30, message: m2}
threat_objects: [{field: url, type: url}]
)");
    REQUIRE(rule->risk);
    CHECK(shown(*rule->risk) == wanted);
  }
  SECTION("map with everything in it") {
    const auto rule = loaded(head + R"(intermediate_findings:
  title: m1
  entities:
    - {field: dest, type: system, score: 20}
    - {field: user, type: user, score: 30}
  threat_objects:
    - {field: url, type: url}
)");
    REQUIRE(rule->risk);
    CHECK(shown(*rule->risk) == wanted);
  }
}

TEST_CASE("threat objects alone are no risk") {
  const auto rule = loaded(
      "name: A\nid: b\ntype: Hunting\nsearch: x\n"
      "threat_objects: [{field: url, type: url}]\n");
  CHECK(rule->generation == Generation::v6);
  CHECK_FALSE(rule->risk);
}

TEST_CASE("v4 observables convert by role and type") {
  struct Row {
    const char* type;
    const char* victim;
    const char* attacker;
  };
  const Row rows[] = {
      {"User", "user", "user"},
      {"Username", "user", "username"},
      {"User Name", "other", "user name"},  // the known quirk
      {"Email Address", "user", "email address"},
      {"Device", "system", "device"},
      {"Endpoint", "system", "endpoint"},
      {"Hostname", "system", "hostname"},
      {"IP Address", "system", "ip_address"},
      {"Process", "other", "process"},
      {"Process Name", "other", "process"},
      {"File", "other", "file_name"},
      {"File Name", "other", "file_name"},
      {"File Hash", "other", "file_name"},
      {"URL", "other", "url"},
      {"URL String", "other", "url"},
      {"Other", "other", "other"},
  };
  for (const Row& row : rows) {
    const std::string type = row.type;
    INFO(type);
    const auto rule = loaded(
        "name: A\nid: b\nsearch: x\ntags:\n  confidence: 50\n  impact: 50\n  observable:\n"
        "  - {name: v, type: " +
        type +
        ", role: [Victim]}\n"
        "  - {name: a, type: " +
        type + ", role: [Attacker]}\n");
    REQUIRE(rule->risk);
    CHECK(shown(*rule->risk) == std::string("|v ") + row.victim + " 25|!a " + row.attacker);
  }
}

TEST_CASE("a v4 score without observables stands by itself") {
  const auto rule = loaded("name: A\nid: b\nsearch: x\ntags:\n  confidence: 30\n  impact: 35\n");
  REQUIRE(rule->risk);
  CHECK(rule->risk->objects.empty());
  CHECK(rule->risk->score() == 10.5);
}
