// Tests judged by the program: what the harness makes of its verdict and its exit code.

#include "harness/run_detection.hpp"

#include "harness/ctest_entries.hpp"
#include "scratch.hpp"

using namespace escudo;
using namespace escudo::harness;
using testing::Scratch;

namespace {

struct Project {
  Scratch scratch;
  RunOptions options;

  Project() {
    options.program =
        scratch.write("escudo",
                      "#!/bin/sh\nhere=${0%/*}\nprintf '%s\\n' \"$@\" >\"$here/arguments\"\n"
                      "cat \"$here/out\"\nexit \"$(cat \"$here/exit\")\"\n");
    std::filesystem::permissions(options.program, std::filesystem::perms::owner_all);
  }
  CaseResult run(const std::string& tests, int exit) {
    scratch.write("out", "{\"type\":\"test_result\",\"tests\":[" + tests + "]}\n");
    scratch.write("exit", std::to_string(exit));
    return run_detection({"rules/d.yml", "datasets/a.log"}, options);
  }
};

const std::string passed = R"({"state":"pass"})";
const std::string untested = R"({"state":"untested","reason":"no data: x"})";
const std::string failing = R"({"state":"fail","failures":[{"message":"nothing","detail":"why"}]})";
const std::string error = R"({"state":"error","reason":"invalid"})";

}  // namespace

TEST_CASE("a detection's test passes, fails or is skipped as the program says") {
  Project project;
  CHECK(project.run(passed, 0).passed());
  const auto skipped = project.run(untested, 3);
  CHECK(skipped.was_skipped());
  CHECK(report(skipped).find("skipped: no data: x\n") != std::string::npos);
  const auto failed = project.run(failing, 1);
  CHECK_FALSE(failed.passed());
  CHECK(report(failed).find("nothing\n  why") != std::string::npos);
  CHECK_FALSE(project.run(error, 2).passed());
  CHECK_FALSE(project.run(untested + "," + failing, 1).passed());
}

TEST_CASE("a detection is skipped only when none of its tests was judged") {
  Project project;
  const auto one = project.run(untested + "," + passed, 0);
  INFO(report(one));
  CHECK(one.passed());
  CHECK_FALSE(one.was_skipped());
  CHECK(project.run(untested + "," + untested, 3).was_skipped());
  CHECK_FALSE(project.run(untested + "," + passed, 3).passed());
}

TEST_CASE("a verdict that the exit code belies is a failure") {
  Project project;
  CHECK_FALSE(project.run(passed, 1).passed());
  CHECK_FALSE(project.run(passed, 3).passed());
  CHECK_FALSE(project.run(failing, 0).passed());
  CHECK_FALSE(project.run("", 3).passed());
}

TEST_CASE("a program that ends without a result fails the test") {
  Project project;
  project.scratch.write("exit", "0");
  for (const char* out : {"", "oops", "[]", "{}", R"({"tests":1})"}) {
    project.scratch.write("out", out);
    CHECK_FALSE(run_detection({"d.yml", "a.log"}, project.options).passed());
  }
  project.options.program = "/nowhere/escudo";
  CHECK_FALSE(run_detection({"d.yml", "a.log"}, project.options).passed());
}

TEST_CASE("rule, dataset and data folder are handed to the program, offline") {
  Project project;
  project.options.data = "store";
  project.run(passed, 0);
  CHECK(project.scratch.read("arguments") ==
        "test\n--format\njson\n--offline\n--rules\nrules/d.yml\n--dataset\ndatasets/"
        "a.log\n--data\nstore\n");
}

TEST_CASE("a case with datasets is judged by the program") {
  Project project;
  project.scratch.write(
      "cases/c/case.yml",
      "description: x\ndata: [datasets/a.log]\nexpect: [{rule: D, exactly: 1}]\n");
  project.scratch.write("out", "{\"tests\":[" + failing + "]}");
  project.scratch.write("exit", "1");
  const auto result = run_case(project.scratch.path("cases/c"), project.options);
  CHECK_FALSE(result.passed());
  CHECK(project.scratch.read("arguments")
            .find("--cases\n" + project.scratch.path("cases/c") + "\nc\n") != std::string::npos);
}

TEST_CASE("every dataset of every test is an entry with its labels, and names stay apart") {
  const auto script = ctest_entries(
      R"({"detection":"D; with ]] in it","path":"r/d.yml","datasets":["datasets/attack_techniques/T1/a.log","datasets/b.log"],"mitre_attack":["T1047"]})"
      "\n\n"
      R"({"detection":"D","path":"other/d.yml","datasets":["datasets/b.log"]})"
      "\n"
      R"({"detection":"E","path":"e.yml","datasets":[]})"
      "\n",
      {"harness", "escudo", "my data", 7});
  REQUIRE(script.ok());
  const auto has = [&](const std::string& piece) {
    INFO(*script);
    CHECK(script->find(piece) != std::string::npos);
  };
  has("add_test([[attack_data/d/T1/a.log]] [[harness]] [[--program]] [[escudo]] [[--memory-limit]] "
      "[[7]] [[--data]] [[my data]] "
      "[[--detection]] [[r/d.yml]] [[--dataset]] [[datasets/attack_techniques/T1/a.log]])");
  has("add_test([[attack_data/d/b.log]] ");
  has("add_test([[attack_data/d/b.log (2)]] ");
  has("LABELS [=[attack_data;T1047;D, with ]] in it]=])");
  CHECK_FALSE(ctest_entries("oops", {}).ok());
}
