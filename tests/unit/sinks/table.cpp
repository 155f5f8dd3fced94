// What a person reads.

#include "base/text.hpp"
#include "catch.hpp"
#include "support.hpp"

using namespace escudo;
using event::Value;

TEST_CASE("a finding in a file or a pipe is not folded") {
  CHECK(printed("table", {wmi_finding()}) ==
        "2020-09-14T12:06:01Z     25  T1047         Windows WMI Process Call Create\n"
        "  dest      WS5.theshire.local  +25\n"
        "  user      THESHIRE\\pgustavo  +25\n"
        "  message   process with WMIC.exe /node:WS6 process call create \"net user\" commandline "
        "executed in WS5.theshire.local\n"
        "  record    logs/a.evtx #423322  Microsoft-Windows-Sysmon/Operational 1\n"
        "  fields    parent_process_name=powershell.exe\n");
}

TEST_CASE("on a terminal text folds beside its label") {
  CHECK(printed("table", {wmi_finding()}, {}, {false, 60}) ==
        "2020-09-14T12:06:01Z     25  T1047         Windows WMI Process Call Create\n"
        "  dest      WS5.theshire.local  +25\n"
        "  user      THESHIRE\\pgustavo  +25\n"
        "  message   process with WMIC.exe /node:WS6 process call\n"
        "            create \"net user\" commandline executed in\n"
        "            WS5.theshire.local\n"
        "  record    logs/a.evtx #423322\n"
        "            Microsoft-Windows-Sysmon/Operational 1\n"
        "  fields    parent_process_name=powershell.exe\n");
}

TEST_CASE("colour only when asked for") {
  CHECK(printed("table", {wmi_finding()}).find('\x1b') == std::string::npos);
  const std::string colored = printed("table", {wmi_finding()}, {}, {true, 0});
  CHECK(
      colored.starts_with("2020-09-14T12:06:01Z  \x1b[36m   25\x1b[0m  T1047         "
                          "\x1b[1mWindows WMI Process Call Create\x1b[0m\n"
                          "  \x1b[2mdest      \x1b[0mWS5.theshire.local  \x1b[36m+25\x1b[0m\n"));
}

TEST_CASE("a finding without risk still says where, and what the row held") {
  CHECK(printed("table", {bare_finding()}) ==
        "no time                   -  -             Bare\n"
        "  Computer  pc\n"
        "  fields    n=2.5\n");
}

TEST_CASE("aggregates: how often, until when, and the first records") {
  auto f = wmi_finding();
  f.count = 1200;
  f.last_time = at("2020-09-14T13:00:00Z");
  f.evidence.total = 1200;
  for (int i = 1; i < 100; ++i) {
    f.evidence.events.push_back(f.evidence.events[0]);
    f.evidence.events.back().record_id += static_cast<std::uint64_t>(i);
    f.evidence.events.back().recovered = i == 1;
  }
  CHECK(printed("table", {f})
            .find("  seen      1,200 times, until 2020-09-14T13:00:00Z\n"
                  "  record    logs/a.evtx #423322  Microsoft-Windows-Sysmon/Operational 1\n"
                  "            logs/a.evtx #423323  Microsoft-Windows-Sysmon/Operational 1  "
                  "(recovered)\n"
                  "            logs/a.evtx #423324  Microsoft-Windows-Sysmon/Operational 1\n"
                  "            … and 1,197 more\n") != std::string::npos);
}

TEST_CASE(
    "systems come before users, threats after them, the command line where no message has it") {
  auto f = bare_finding();
  f.fields = {{"user", Value("bob")},
              {"src", Value("10.0.0.1")},
              {"process", Value("x.exe -k")},
              {"process_name", Value("x.exe")},
              {"parent_process", Value("y.exe \"a b\"")}};
  f.risk = findings::Risk{90,
                          "bob did it",
                          {{"user", "user", "bob", 90}, {"src", "system", "10.0.0.1", 30}},
                          {{"process_name", "process", "x.exe"}}};
  CHECK(printed("table", {f}) ==
        "no time                  90  -             Bare\n"
        "  src       10.0.0.1  +30\n"
        "  user      bob  +90\n"
        "  threat    process_name=x.exe\n"
        "  message   bob did it\n"
        "  process   x.exe -k\n"
        "  fields    parent_process=y.exe \"a b\"\n");
}

TEST_CASE("nothing a log says reaches the terminal as a command") {
  auto f = wmi_finding();
  auto rule = std::make_shared<rules::Rule>(*f.rule);
  rule->name = "evil\x1b]0;title\x07";
  rule->mitre_attack = {"T1\x1b[2J", "T2"};
  f.rule = rule;
  f.fields.emplace_back("na\nme", Value("va\x1b[31mlue\xff"));
  for (auto& [name, cell] : f.fields) {
    if (name == "dest") cell = Value("pc\r\n\x1b[1A");
  }
  f.risk = findings::score(*f.rule, f.fields);
  f.evidence.events[0].channel =
      "\x1b"
      "c";
  auto origin = std::make_shared<event::Origin>();
  origin->path = "a\x9b\nb.evtx";
  f.evidence.events[0].origin = origin;
  const std::string text = printed("table", {f}, {}, {false, 50});
  for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  CHECK(base::is_utf8(text));
  CHECK(text.find("pc\\x0d\\x0a\\x1b[1A") != std::string::npos);
}

TEST_CASE("a very long value is cut and says so") {
  auto f = bare_finding();
  f.fields = {{"script", Value(std::string(30'000, 'x'))}};
  CHECK(printed("table", {f})
            .find("fields    script=" + std::string(1000, 'x') + " … (29,000 more)\n") !=
        std::string::npos);
}

TEST_CASE("no findings are said") { CHECK(printed("table", {}) == "no findings\n"); }

TEST_CASE("past a screenful the detections are listed") {
  std::vector<findings::Finding> all(10, wmi_finding());
  CHECK(printed("table", all).find("findings  score") == std::string::npos);
  all.push_back(bare_finding());
  CHECK(printed("table", all)
            .ends_with("\nfindings  score  first                 last                  detection\n"
                       "      10     25  2020-09-14T12:06:01Z  2020-09-14T12:06:01Z  "
                       "Windows WMI Process Call Create\n"
                       "       1      -  -                     -                     Bare\n"));
}
