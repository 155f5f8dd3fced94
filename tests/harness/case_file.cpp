#include "harness/case_file.hpp"

#include "scratch.hpp"

using namespace escudo;
using namespace escudo::harness;
using testing::Scratch;

namespace {

// A project in small: cases/c with its own log, and a log under logs/.
struct Project {
  Scratch scratch;
  Project() {
    scratch.write("cases/c/own.xml", "x");
    scratch.write("cases/c/rule.yml", "x");
    scratch.write("logs/evtx/shared.evtx", "x");
  }
  std::optional<Case> read(const std::string& yaml) {
    scratch.write("cases/c/case.yml", yaml);
    problems.clear();
    return read_case(scratch.path("cases/c/"), scratch.path("cases/c/../../logs"), problems);
  }
  base::Diagnostics problems;
};

}  // namespace

TEST_CASE("a case is read whole") {
  Project project;
  const auto c = project.read(
      "description: what it shows\n"
      "logs: [own.xml, evtx/shared.evtx]\n"
      "rules: rule.yml\n"
      "args: [--recover]\n"
      "expect:\n"
      "  - {rule: A, exactly: 1}\n"
      "  - {rule: B, at_least: 1, at_most: 3}\n"
      "risk:\n"
      "  - {entity: alice, at_least: 25}\n"
      "unexpected: warn\n"
      "exit: 2\n"
      "says: [cannot read]\n");
  for (const auto& problem : project.problems) UNSCOPED_INFO(problem.render());
  REQUIRE(c);
  CHECK(c->name == "c");
  CHECK(c->logs == std::vector<std::string>{project.scratch.path("cases/c/own.xml"),
                                            project.scratch.path("logs/evtx/shared.evtx")});
  CHECK(c->rules == std::vector<std::string>{project.scratch.path("cases/c/rule.yml")});
  CHECK(c->args == std::vector<std::string>{"--recover"});
  REQUIRE(c->expect.size() == 2);
  CHECK(c->expect[0].rule == "A");
  CHECK(c->expect[0].count.text() == "exactly 1");
  CHECK(c->expect[1].count.text() == "at least 1 and at most 3");
  REQUIRE(c->risk.size() == 1);
  CHECK(c->risk[0].entity == "alice");
  CHECK(c->risk[0].score.text() == "at least 25");
  CHECK(c->unexpected == Unexpected::warn);
  CHECK(c->exit == 2);
  CHECK(c->says == std::vector<std::string>{"cannot read"});
}

TEST_CASE("what a case leaves out has its meaning") {
  Project project;
  const auto c = project.read("description: d\nlogs: own.xml\n");
  REQUIRE(c);
  CHECK(c->rules.empty());
  CHECK(c->unexpected == Unexpected::fail);
  CHECK(c->exit == 0);
}

TEST_CASE("a slip of the pen is a problem, with its line") {
  Project project;
  const std::string head = "description: d\nlogs: [own.xml]\n";
  const std::vector<std::pair<std::string, std::string>> slips{
      {"expects: []\n", "unknown-key"},
      {"expect:\n  - {rule: A, exact: 1}\n", "unknown-key"},
      {"expect:\n  - {rule: A}\n", "no-bound"},
      {"expect:\n  - {exactly: 1}\n", "no-rule"},
      {"expect:\n  - {rule: A, exactly: one}\n", "not-a-number"},
      {"risk:\n  - {entity: A, at_most: 1}\n", "unknown-key"},
      {"unexpected: maybe\n", "unknown-word"},
      {"exit: 256\n", "not-an-exit-code"},
      {"rules: [evtx/shared.evtx]\n", "no-such-file"}};
  for (const auto& [slip, code] : slips) {
    INFO(slip);
    CHECK_FALSE(project.read(head + slip));
    REQUIRE_FALSE(project.problems.empty());
    CHECK(project.problems.front().code == code);
    CHECK(project.problems.front().line >= 3);
  }
}

TEST_CASE("a case needs a description and logs that are there") {
  Project project;
  CHECK_FALSE(project.read("logs: [own.xml]\n"));
  CHECK_FALSE(project.read("description: d\n"));
  CHECK_FALSE(project.read("description: d\nlogs: [missing.evtx]\n"));
  CHECK(project.problems.front().code == "no-such-file");
  CHECK_FALSE(project.read("- a list\n"));
  CHECK_FALSE(project.read(""));
  std::filesystem::remove(project.scratch.path("cases/c/case.yml"));
  CHECK_FALSE(read_case(project.scratch.path("cases/c"), "", project.problems));
}

TEST_CASE("a case names datasets instead of logs, with what Splunk calls them") {
  Project project;
  const auto c = project.read(
      "description: x\n"
      "data:\n"
      "  - datasets/a.log\n"
      "  - {path: datasets/b.log, source: S, sourcetype: T, host: H, sha256: ABCDEF}\n"
      "only: [A]\n"
      "expect:\n"
      "  - {rule: A, at_least: 1, score: 25, objects: [user, dest]}\n");
  for (const auto& problem : project.problems) UNSCOPED_INFO(problem.render());
  REQUIRE(c);
  CHECK(c->logs.empty());
  REQUIRE(c->data.size() == 2);
  CHECK((c->data[0].path == "datasets/a.log" && c->data[0].source.empty()));
  CHECK((c->data[1].source == "S" && c->data[1].sourcetype == "T" && c->data[1].host == "H"));
  CHECK(c->data[1].sha256 == "abcdef");
  CHECK(c->only == std::vector<std::string>{"A"});
  CHECK(c->expect[0].score == 25);
  CHECK(c->expect[0].objects == std::vector<std::string>{"user", "dest"});
}

TEST_CASE("datasets that are no datasets, and scores that are no numbers, are problems") {
  Project project;
  for (const char* rest : {"data: [{source: S}]\n", "data: [{path: a, sourctype: S}]\n", "data: [a]\nlogs: [own.xml]\n",
                           "data: [a]\nexpect: [{rule: A, exactly: 1, score: much}]\n"}) {
    INFO(rest);
    CHECK_FALSE(project.read(std::string("description: x\n") + rest));
    CHECK(project.problems.size() == 1);
  }
}
