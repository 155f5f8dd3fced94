// What compiling says of a rule: runs, partly, unsupported with the source it needs, invalid with a place.
#include "runtime/knowledge.hpp"

#include "base/files.hpp"
#include "catch.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

struct Verdict {
  detect::Status status;
  std::string reason;
  base::Diagnostics diagnostics;
};

Verdict verdict(const std::string& search) {
  ScratchFolder folder;
  std::string yaml = "name: T\nid: 11111111-2222-3333-4444-555555555555\ntype: Hunting\nstatus: production\nsearch: |-\n";
  yaml += "  " + search + "\n";
  const std::string path = folder.write("t.yml", yaml);
  runtime::KnowledgeOptions options;
  options.rules = {path};
  options.content = std::string(ESCUDO_ROOT) + "/content";
  auto knowledge = runtime::load_knowledge(options);
  REQUIRE(knowledge->book->rules().size() == 1);
  const detect::CompiledRule& rule = knowledge->book->rules().front();
  return {rule.status, rule.reason, rule.diagnostics};
}

}  // namespace

TEST_CASE("a search over what Escudo reads runs") {
  CHECK(verdict("| tstats count from datamodel=Endpoint.Processes by Processes.dest").status == detect::Status::runs);
  CHECK(verdict("source=XmlWinEventLog:Security EventCode=4688 | stats count by dest").status == detect::Status::runs);
  CHECK(verdict("sourcetype=XmlWinEventLog:Microsoft-Windows-Sysmon/Operational OR source=Syslog:Linux-Sysmon/Operational EventCode=7").status ==
        detect::Status::runs);
}

TEST_CASE("a source that nothing here gives makes a rule unsupported, and is named") {
  const Verdict v = verdict("sourcetype=aws:cloudtrail eventName=DeleteTrail | stats count by user");
  CHECK(v.status == detect::Status::unsupported);
  CHECK(v.reason == "it reads sourcetype=aws:cloudtrail, which no source of Escudo gives");
  CHECK(verdict("| tstats count from datamodel=Web.Web by Web.url").status == detect::Status::unsupported);
}

TEST_CASE("a table that only a site has makes a rule partly supported") {
  const Verdict v = verdict("source=XmlWinEventLog:Security | lookup our_assets host OUTPUT owner | stats count by owner");
  CHECK(v.status == detect::Status::partly);
  CHECK(v.reason.find("our_assets") != std::string::npos);
}

TEST_CASE("a wrong search is invalid, with the line and column in its file") {
  const Verdict v = verdict("source=XmlWinEventLog:Security | stats cuont by dest");
  CHECK(v.status == detect::Status::invalid);
  REQUIRE(v.diagnostics.size() == 1);
  CHECK(v.diagnostics[0].code == "unknown-aggregate");
  CHECK(v.diagnostics[0].line == 6);
  CHECK(v.diagnostics[0].column == 42);
}
