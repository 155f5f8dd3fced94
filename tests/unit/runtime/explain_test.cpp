// Where a detection loses an event, as `escudo rules explain --event` prints it.
#include "detect/explain.hpp"

#include "catch.hpp"
#include "runtime/knowledge.hpp"
#include "scratch.hpp"
#include "sources/source.hpp"

using namespace escudo;

namespace {

std::string explain(const std::string& search, const std::string& log,
                    std::optional<std::uint64_t> record, const std::string& type = "Anomaly") {
  ScratchFolder folder;
  const std::string path =
      folder.write("t.yml", "name: T\nid: 11111111-2222-3333-4444-555555555555\ntype: " + type +
                                "\nstatus: production\nsearch: |-\n  " + search + "\n");
  runtime::KnowledgeOptions options;
  options.rules = {path};
  options.content = std::string(ESCUDO_ROOT) + "/content";
  const auto knowledge = runtime::load_knowledge(options);
  REQUIRE(knowledge->book->rules().size() == 1);
  detect::Explainer explainer(knowledge->book->rules().front().rule, knowledge->catalog,
                              *knowledge->maps, record);
  const auto source = sources::open(std::string(ESCUDO_ROOT) + "/fixtures/logs/" + log, {});
  event::Batch batch;
  while (source->next(batch)) explainer.take(batch);
  return detect::print(explainer.finish());
}

}  // namespace

TEST_CASE("lost at a term of the filter, with the value it saw") {
  CHECK(explain("source=XmlWinEventLog:Security EventCode IN (4699, 4702) TaskName=* | stats count "
                "by dest",
                "classic/winevent.log", 215842) ==
        "feed 0  raw events\n"
        "  event   record 215842 of Security (Security 4698), 2021-03-23T17:16:59Z\n"
        "    2 of 3 terms hold\n"
        "    lost at EventCode IN [4699, 4702]\n"
        "            EventCode is \"4698\"\n"
        "verdict lost at the filter of raw events: EventCode IN [4699, 4702]\n");
}

TEST_CASE("lost because it is not in the data model") {
  const std::string text =
      explain("| tstats count from datamodel=Endpoint.Registry by Registry.dest",
              "classic/winevent.log", 215842);
  CHECK(text.find("    is not in Endpoint.Registry, which has Security 4657, Sysmon 12, ") !=
        std::string::npos);
  CHECK(text.ends_with("verdict lost at the source: it is no event of Endpoint.Registry\n"));
}

TEST_CASE("lost at a condition behind the base search") {
  CHECK(explain("sourcetype=\"linux:audit\" type=EXECVE | rename host as dest | where argc > 2 AND "
                "(like(a0, \"%xclip%\") OR a1=\"-o\")",
                "auditd/audit.log", 2) ==
        "feed 0  raw events\n"
        "  event   record 2 of auditd (auditd other), 2024-08-06T13:27:39Z\n"
        "    passes the filter\n"
        "kept    search AND[sourcetype=linux:audit, type=EXECVE]  (1 row)\n"
        "kept    rename host as dest  (1 row)\n"
        "lost    where ((argc > 2) AND (like(a0, \"%xclip%\") OR (a1 = \"-o\")))  (0 rows)\n"
        "    lost at like(a0, \"%xclip%\")\n"
        "            a0 is \"base64\"\n"
        "    and at  (a1 = \"-o\")\n"
        "            a1 is \"-d\"\n"
        "verdict lost at: like(a0, \"%xclip%\")\n");
}

TEST_CASE("lost at a threshold over the whole input") {
  const std::string text = explain(
      "sourcetype=\"linux:audit\" | stats count dc(type) as types by node | search types > 9",
      "auditd/audit.log", 1);
  CHECK(text.find("    lost at types>9\n            types is \"4\"\n") != std::string::npos);
}

TEST_CASE("lost by a grouping over a field it lacks") {
  const std::string text = explain("sourcetype=\"linux:audit\" type=AVC | stats count by dest comm",
                                   "auditd/audit.log", 7);
  CHECK(text.find("lost    stats count by dest comm  (0 rows)\n"
                  "    lost at by dest\n"
                  "            dest is null\n") != std::string::npos);
  CHECK(explain("| tstats count from datamodel=Endpoint.Processes by Processes.dest "
                "Processes.process_guid",
                "classic/winevent.log", 215844)
            .find("    lost at by Processes.process_guid\n            Processes.process_guid is "
                  "null\n") != std::string::npos);
}

TEST_CASE("a name in the wrong case gets a hint") {
  const std::string text = explain("sourcetype=\"linux:audit\" Type=AVC", "auditd/audit.log", 7);
  CHECK(text.find("    lost at Type=AVC\n            Type is null; the event has type\n") !=
        std::string::npos);
}

TEST_CASE("lost by a filter macro") {
  const std::string text =
      explain("sourcetype=\"linux:audit\" type=AVC | stats count by comm | search NOT comm=nginx",
              "auditd/audit.log", 7);
  CHECK(text.find("    lost at NOT comm=nginx\n            comm is \"nginx\"\n") !=
        std::string::npos);
}

TEST_CASE("an event of the inner search of a join has no partner") {
  const std::string text = explain(
      "sourcetype=\"linux:audit\" type=AVC | table pid comm | join pid [ search "
      "sourcetype=\"linux:audit\" type=SYSCALL | table pid exe ]",
      "auditd/audit.log", 1);
  CHECK(text.find("kept    table pid exe  (1 row)\nlost    join") != std::string::npos);
  CHECK(text.find("pid is \"1301\"") != std::string::npos);
}

TEST_CASE("an event that is part of a finding") {
  const std::string text =
      explain("sourcetype=\"linux:audit\" type=AVC | stats count by comm", "auditd/audit.log", 7);
  CHECK(text.ends_with("verdict it is part of a finding\n"));
}

TEST_CASE("an event that stays found among many of its group") {
  const std::string text =
      explain("| tstats count from datamodel=Endpoint.Processes by Processes.dest",
              "evtx/wmi_near_misses.evtx", 4615);
  CHECK(text.ends_with("verdict it is part of a finding\n"));
}

TEST_CASE("an event asked about keeps its time") {
  const std::string text = explain(
      "sourcetype=\"linux:audit\" | bucket _time span=1d | stats count min(_time) as first by _time | "
      "where count=7 AND first>0",
      "auditd/audit.log", 7);
  CHECK(text.ends_with("verdict it is part of a finding\n"));
}

TEST_CASE("a record that is not there, a detection that does not run, one that reads findings") {
  CHECK(explain("sourcetype=\"linux:audit\" | table pid", "auditd/audit.log", 99) ==
        "verdict no event read has record 99\n");
  CHECK(explain("sourcetype=aws:cloudtrail | table pid", "auditd/audit.log", 1) ==
        "verdict the detection does not run: it reads sourcetype=aws:cloudtrail, which no source "
        "of Escudo gives\n");
  CHECK(explain("| tstats count from datamodel=Risk.All_Risk by All_Risk.risk_object",
                "auditd/audit.log", 1, "Correlation") ==
        "verdict the detection reads the findings of others, not events\n");
}

TEST_CASE("of a whole input, the event that came nearest") {
  const std::string text =
      explain("sourcetype=\"linux:audit\" type=EXECVE a0=base64 a1=\"-x\" | table a0",
              "auditd/audit.log", std::nullopt);
  CHECK(
      text.starts_with("feed 0  raw events: 7 events, 7 of them in it, 0 pass the filter\n  "
                       "nearest record 2 of auditd"));
  CHECK(text.find("    3 of 4 terms hold\n    lost at a1=-x\n            a1 is \"-d\"\n") !=
        std::string::npos);
}

TEST_CASE("a correlation is followed from the risk that other detections raised") {
  runtime::KnowledgeOptions options;
  options.rules = {std::string(ESCUDO_ROOT) + "/fixtures/cases/risk_correlation"};
  options.content = std::string(ESCUDO_ROOT) + "/content";
  const auto knowledge = runtime::load_knowledge(options);
  const auto explain_it = [&](std::optional<std::uint64_t> record) {
    for (const detect::CompiledRule& rule : knowledge->book->rules()) {
      if (rule.rule->name != "Risk Of A Night") continue;
      detect::Explainer explainer(rule.rule, knowledge->catalog, *knowledge->maps, record,
                                  knowledge->rule_set.rules);
      const auto source =
          sources::open(std::string(ESCUDO_ROOT) + "/fixtures/logs/classic/winevent.log", {});
      event::Batch batch;
      while (source->next(batch)) explainer.take(batch);
      return detect::print(explainer.finish());
    }
    return std::string();
  };
  CHECK(explain_it(215844).ends_with("verdict no detection raised risk from it\n"));
  CHECK(explain_it(215843).ends_with("verdict it is part of a finding\n"));
  const std::string all = explain_it(std::nullopt);
  CHECK(all.find("3 events, 3 of them in it, 3 pass the filter\n  nearest risk of dc1.corp.example "
                 "from Task Was Made\n") != std::string::npos);
  CHECK(all.ends_with("verdict there are findings\n"));
}
