// run_case against a stand-in for escudo: a shell script that prints what the test wants.

#include "harness/run_case.hpp"

#include "scratch.hpp"

using namespace escudo;
using namespace escudo::harness;
using testing::Scratch;

namespace {

struct Project {
  Scratch scratch;
  RunOptions options;

  Project() {
    scratch.write("cases/c/own.xml", "x");
    scratch.write("logs/shared.evtx", "x");
    case_yml("");
    // Records its arguments and prints found.jsonl, with %LOGS% where the logs lie.
    options.program = scratch.write("escudo", "#!/bin/sh\n"
        "here=${0%/*}\n"
        "printf '%s\\n' \"$@\" >\"$here/arguments\"\n"
        "sed \"s,%LOGS%,$here/logs,; s,%CASE%,$here/cases/c,\" \"$here/found.jsonl\"\n"
        "cat \"$here/says\" >&2 2>/dev/null\n"
        "exit \"$(cat \"$here/exit\" 2>/dev/null || echo 0)\"\n");
    std::filesystem::permissions(options.program, std::filesystem::perms::owner_all);
    scratch.write("found.jsonl", finding("1", "%LOGS%/shared.evtx") + finding("2", "%CASE%/own.xml"));
    scratch.write("says", "");
  }
  void case_yml(const std::string& more) {
    scratch.write("cases/c/case.yml", "description: what it shows\nlogs: [own.xml, shared.evtx]\n"
                                      "expect:\n  - {rule: D, exactly: 2}\n" + more);
  }
  static std::string finding(const std::string& id, const std::string& source) {
    return R"({"type":"finding","finding_id":")" + id + R"(","detection":"D","evidence":{"events":[{"source":")" +
           source + "\"}]}}\n";
  }
  CaseResult run() const { return run_case(scratch.path("cases/c"), options); }
};

}  // namespace

TEST_CASE("a case is scanned with its rules, arguments and logs, and passes") {
  Project project;
  project.scratch.write("cases/c/r.yml", "x");
  project.case_yml("rules: [r.yml]\nargs: [--recover]\n");
  const auto result = project.run();
  INFO(report(result));
  CHECK(result.passed());
  CHECK(project.scratch.read("arguments") ==
        "scan\n--format\njsonl\n--rules\n" + project.scratch.path("cases/c/r.yml") + "\n--recover\n" +
            project.scratch.path("cases/c/own.xml") + "\n" + project.scratch.path("logs/shared.evtx") + "\n");
}

TEST_CASE("expected.jsonl is written once and compared from then on, wherever the project lies") {
  Project project;
  project.options.rewrite = true;
  REQUIRE(project.run().passed());
  project.options.rewrite = false;
  CHECK(project.scratch.read("cases/c/expected.jsonl") ==
        Project::finding("1", "shared.evtx") + Project::finding("2", "own.xml"));
  CHECK(project.run().passed());

  project.scratch.write("found.jsonl", Project::finding("1", "%LOGS%/shared.evtx") +
                                           Project::finding("2", "%CASE%/other.xml"));
  const auto result = project.run();
  CHECK_FALSE(result.passed());
  const auto text = report(result);
  CHECK(text.find("FAIL c") == 0);
  CHECK(text.find("what it shows") != std::string::npos);
  CHECK(text.find("expected \"own.xml\", got \"other.xml\"") != std::string::npos);
  CHECK(text.find("command: ") != std::string::npos);
}

TEST_CASE("a scan that ends or speaks otherwise fails the case") {
  Project project;
  SECTION("exit code") {
    project.scratch.write("exit", "2");
    project.scratch.write("says", "own.xml: cannot be read\n");
    const auto result = project.run();
    CHECK_FALSE(result.passed());
    CHECK(report(result).find("own.xml: cannot be read") != std::string::npos);
    project.case_yml("exit: 2\nsays: [cannot be read]\n");
    CHECK(project.run().passed());
    project.case_yml("exit: 2\nsays: [something else]\n");
    CHECK_FALSE(project.run().passed());
  }
  SECTION("counts") {
    project.scratch.write("found.jsonl", Project::finding("1", "x"));
    CHECK_FALSE(project.run().passed());
  }
  SECTION("output that is no finding") {
    project.scratch.write("found.jsonl", "oops\n");
    CHECK_FALSE(project.run().passed());
  }
  SECTION("expected.jsonl that cannot be read") {
    project.scratch.write("cases/c/expected.jsonl", "oops\n");
    CHECK_FALSE(project.run().passed());
  }
  SECTION("no program") {
    project.options.program = "/nowhere/escudo";
    CHECK_FALSE(project.run().passed());
  }
  SECTION("no case") {
    const auto result = run_case(project.scratch.path("cases/none"), project.options);
    CHECK_FALSE(result.passed());
    CHECK(report(result).find("FAIL") == 0);
  }
}
