// Every form of report, given what a hostile rule or log could bring: each must read back as what
// it says, and nothing of it be taken for markup or a command.

#include "harness/reports/reports.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "catch.hpp"
#include "harness/reports/escape.hpp"

using namespace escudo;
using namespace escudo::harness;

namespace {

const std::string hostile =
    "a<b>&\"'`|*_[x](y)\n::error::no\n```\n%0A,: \x1b[31m \xff ]]> ]]&gt; # - {}";

Report report() {
  Report r;
  r.version = "1.2.3";
  r.seconds = 1.5;
  r.detections = 4;
  const auto add = [&](const std::string& name, State state) -> TestReport& {
    TestReport& test = r.tests.emplace_back();
    test.detection = name;
    test.id = "id-" + name.substr(0, 5);
    test.type = "TTP";
    test.status = "production";
    test.path = "detections/endpoint/" + name + ".yml";
    test.line = 7;
    test.test = "True Positive Test";
    test.state = state;
    test.seconds = 0.25;
    test.datasets = {"datasets/a.log"};
    return test;
  };
  TestReport& passed = add("passes", State::pass);
  passed.findings = 2;
  passed.contentctl_passes = true;
  passed.found = {{"f1", "2024-01-01T00:00:00Z", "said", 25.5, {{"user", "user", "alice", 25.5}}},
                  {"f2", "", "", {}, {}}};
  TestReport& failed = add("fails " + hostile, State::fail);
  failed.path = "detections/a b#%/x.yml";
  failed.failures = {{"no-findings", "nothing " + hostile, "detail " + hostile, 0},
                     {"unknown-field", "other", "", 42}};
  failed.warnings = {"warned " + hostile};
  add("untested", State::untested).reason = "no data: " + hostile;
  TestReport& error = add("error", State::error);
  error.reason = "invalid " + hostile;
  TestReport& skipped = add("skipped", State::untested);
  skipped.reason = "its status is experimental, not production";
  skipped.status = "experimental";
  skipped.skipped = true;
  r.datasets.push_back({"datasets/a.log",
                        "/store/a.log",
                        10,
                        1,
                        1000,
                        0.5,
                        {"torn " + hostile},
                        false,
                        false,
                        {"passes"},
                        {{"other " + hostile, 3}}});
  return r;
}

std::size_t count(const std::string& text, const std::string& piece) {
  std::size_t n = 0;
  for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("JUnit has each state as its own outcome, and the counts of its elements") {
  pugi::xml_document document;
  const auto xml = junit_report(report());
  REQUIRE(document.load_string(xml.c_str()));
  const auto suite = document.child("testsuites").child("testsuite");
  CHECK(suite.attribute("tests").as_int() == 5);
  CHECK(suite.attribute("failures").as_int() == 1);
  CHECK(suite.attribute("errors").as_int() == 1);
  CHECK(suite.attribute("skipped").as_int() == 2);
  CHECK(suite.select_nodes("testcase").size() == 5);
  CHECK(suite.select_nodes("testcase/failure").size() == 1);
  CHECK(suite.select_nodes("testcase/error").size() == 1);
  CHECK(suite.select_nodes("testcase/skipped").size() == 2);
  CHECK(std::string(suite.child("testcase").attribute("time").value()) == "0.250");
  const std::string message =
      suite.select_node("testcase/failure").node().attribute("message").value();
  CHECK(message == "nothing " + [] {
    std::string out;
    for (const auto line : base::split(hostile, '\n'))
      out += (out.empty() ? "" : "\n") + base::harmless(line);
    return out;
  }());
}

TEST_CASE("SARIF has the members 2.1.0 requires and those GitHub reads") {
  const auto sarif = nlohmann::json::parse(sarif_report(report(), "."), nullptr, false);
  REQUIRE(sarif.is_object());
  CHECK(sarif["version"] == "2.1.0");
  CHECK(sarif["$schema"].is_string());
  REQUIRE(sarif["runs"].size() == 1);
  const auto& run = sarif["runs"][0];
  CHECK(run["tool"]["driver"]["name"] == "Escudo");
  CHECK(run["tool"]["driver"]["semanticVersion"] == "1.2.3");
  const auto& rules = run["tool"]["driver"]["rules"];
  for (const auto& rule : rules) {
    CHECK(rule["id"].is_string());
    for (const char* text : {"shortDescription", "fullDescription", "help"})
      CHECK(rule[text]["text"].is_string());
    CHECK(rule["properties"]["tags"].size() <= 10);
  }
  REQUIRE(run["results"].size() == 3);  // two failures of one test, one error
  for (const auto& result : run["results"]) {
    CHECK(result["message"]["text"].is_string());
    CHECK(rules.at(result["ruleIndex"].get<std::size_t>())["id"] == result["ruleId"]);
    CHECK(result["locations"].size() == 1);
    CHECK(result["locations"][0]["physicalLocation"]["region"]["startLine"].get<int>() >= 1);
    CHECK(result["partialFingerprints"].size() == 1);
  }
  const auto& location = run["results"][0]["locations"][0]["physicalLocation"];
  CHECK(location["artifactLocation"]["uri"] == "detections/a%20b%23%25/x.yml");
  CHECK(location["region"]["startLine"] == 7);
  CHECK(run["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 42);
  CHECK(run["results"][0]["partialFingerprints"] != run["results"][1]["partialFingerprints"]);
}

TEST_CASE("a path is relative to the root of the repository, one outside of it absolute") {
  CHECK(below("/repo", "/repo/detections/x.yml") == "detections/x.yml");
  CHECK(below("/repo", "/repo/../repo/x.yml") == "x.yml");
  CHECK(below("/repo", "/repository/x.yml") == "/repository/x.yml");
}

TEST_CASE("GitHub's annotations are one command a line, and nothing of a log becomes one") {
  const auto text = github_annotations(report(), ".");
  std::size_t lines = 0;
  for (const auto line : base::split(text, '\n')) {
    if (line.empty()) continue;
    ++lines;
    CHECK((line.starts_with("::error file=") || line.starts_with("::warning file=")));
    const auto properties = line.substr(0, line.find("::", 2));
    CHECK(count(std::string(properties), ",") == 2);  // file, line, title: no value brings another
  }
  CHECK(lines == 3);
  CHECK(text.find("file=detections/a b#%25/x.yml,line=42,") != std::string::npos);
  CHECK(text.find("%250A") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("no more annotations are printed than GitHub shows") {
  Report many;
  for (int k = 0; k < 50; ++k) {
    TestReport& test = many.tests.emplace_back();
    test.state = State::fail;
    test.failures = {{"no-findings", "nothing", "", 0}};
  }
  CHECK(count(github_annotations(many, "."), "::error") == 10);
}

TEST_CASE("Markdown takes nothing of a log for markup, and keeps its tables whole") {
  const auto text = markdown_report(report());
  const auto block = text.find("````text\n");  // its fence is longer than the one inside
  REQUIRE(block != std::string::npos);
  const auto end = text.find("\n````\n", block);
  REQUIRE(end != std::string::npos);
  const auto outside = text.substr(0, block) + text.substr(end + 6);
  for (const char* piece : {"a<b>", "[x](y)", "`", "::error"})
    CHECK(outside.find(piece) == std::string::npos);
  for (const auto line : base::split(text, '\n')) {
    if (line.starts_with("| ") && line.find("cells") == std::string::npos)
      CHECK(line.ends_with(" |"));
  }
  CHECK(text.find("| 1 | 1 | 2 | 1 | 1.5 s |") != std::string::npos);
}

TEST_CASE("a step summary stays below what GitHub takes") {
  Report many;
  for (int k = 0; k < 30'000; ++k) {
    TestReport& test = many.tests.emplace_back();
    test.detection = "a detection with a name of some length, number " + std::to_string(k);
    test.state = State::untested;
    test.reason = "no data";
  }
  REQUIRE(markdown_report(many).size() > 1'048'576);
  CHECK(github_step_summary(many).size() < 1'048'576);
}

TEST_CASE("contentctl's summary has its members with its counts") {
  base::Diagnostics problems;
  const auto yml = base::Yaml::parse(summary_yml(report()), "summary.yml", problems);
  REQUIRE(yml);
  const auto summary = (*yml)["summary"];
  CHECK(summary["mode"].text() == "all");
  CHECK_FALSE(summary["success"].boolean(true));
  CHECK(summary["total_detections"].number() == 5);
  CHECK(summary["total_tested_detections"].number() == 3);
  CHECK(summary["total_pass"].number() == 1);
  CHECK(summary["total_fail"].number() == 2);
  CHECK(summary["total_skipped"].number() == 1);
  CHECK(summary["total_untested"].number() == 1);
  CHECK(summary["total_production"].number() == 4);
  CHECK(summary["total_experimental"].number() == 1);
  CHECK(summary["success_rate"].text() == "33.3%");
  CHECK((*yml)["percent_complete"].text() == "75.0%");
  const auto tested = (*yml)["tested_detections"].items();
  REQUIRE(tested.size() == 3);
  CHECK_FALSE(tested[0]["success"].boolean(true));
  CHECK(tested[2]["name"].text() == "passes");
  CHECK(tested[2]["source_category"].text() == "endpoint");
  const auto test = tested[2]["tests"].items().front();
  CHECK(test["status"].text() == "pass");
  CHECK(test["resultCount"].text() == "2");
  CHECK((*yml)["skipped_detections"].items().size() == 1);
  CHECK((*yml)["untested_detections"].items().size() == 1);
}

TEST_CASE("a summary without failures is no success while a detection is untested") {
  Report r = report();
  r.tests.erase(r.tests.begin() + 1);  // the failed one
  std::erase_if(r.tests, [](const TestReport& test) { return test.state == State::error; });
  CHECK(summary_yml(r).find("success: false\n  total_detections: 3") != std::string::npos);
  std::erase_if(r.tests, [](const TestReport& test) {
    return test.state == State::untested && !test.skipped;
  });
  CHECK(summary_yml(r).find("success: true\n  total_detections: 2") != std::string::npos);
  std::erase_if(r.tests, [](const TestReport& test) { return test.state == State::pass; });
  CHECK(summary_yml(r).find("success: false\n  total_detections: 1") != std::string::npos);
}

TEST_CASE("a result that was kept reads back as it was") {
  const Report before = report();
  const auto back = read_result(result_json(before));
  REQUIRE(back.ok());
  REQUIRE(back->tests.size() == before.tests.size());
  for (std::size_t k = 0; k < before.tests.size(); ++k) {
    CHECK(back->tests[k].state == before.tests[k].state);
    CHECK(back->tests[k].id == before.tests[k].id);
    REQUIRE(back->tests[k].found.size() == before.tests[k].found.size());
  }
  const Found& found = back->tests[0].found[0];
  CHECK(found.id == "f1");
  CHECK(found.score == 25.5);
  REQUIRE(found.objects.size() == 1);
  CHECK(found.objects[0].value == "alice");
  CHECK_FALSE(back->tests[0].found[1].score);
}

TEST_CASE("what is no kept result is refused in a sentence") {
  CHECK_FALSE(read_result("").ok());
  CHECK_FALSE(read_result("{}").ok());
  CHECK_FALSE(read_result(R"({"type":"test_result","tests":[{"state":"odd"}]})").ok());
  CHECK(read_result(
            R"({"type":"test_result","tests":[1,{"state":"pass","found":[2,{"objects":3}]}]})")
            .ok());
}

TEST_CASE("the terminal shows failures first, untested by reason, and the counts last") {
  const auto text = terminal_report(report(), {});
  CHECK(text.find("FAIL ") < text.find("ERROR "));
  CHECK(text.find("ERROR ") < text.find("untested\n"));
  CHECK(text.find("pass ") == std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(terminal_report(report(), {false, true})
            .find("pass passes · True Positive Test (2 findings, 250 ms)") != std::string::npos);
  const auto summary = terminal_summary(report());
  CHECK(summary.find("5 tests: 1 pass, 1 fail, 2 untested, 1 error\n") == 0);
  CHECK(
      summary.ends_with("\nexit code 1: a test failed, also 2: a test could not be carried out\n"));
}

TEST_CASE("a test that contentctl would pass says so when it fails here") {
  Report r = report();
  r.tests[1].contentctl_passes = true;
  CHECK(terminal_report(r, {}).find("contentctl would pass it") != std::string::npos);
}

TEST_CASE(
    "of many untested tests the terminal names a few of each kind and counts the rest, unless "
    "asked for all") {
  Report many;
  for (int k = 0; k < 40; ++k) {
    TestReport& test = many.tests.emplace_back();
    test.detection = "D" + std::to_string(k);
    test.test = "T";
    test.state = State::untested;
    test.reason = k < 10 ? "its status is experimental, not production"
                         : "no data: " + std::to_string(k) + " is not in store";
  }
  const auto text = terminal_report(many, {});
  CHECK(text.find("its status is experimental, not production\n    D0 · T\n    D1 · T\n    D2 · "
                  "T\n    and 7 more\n") != std::string::npos);
  CHECK(text.find("  and 25 tests more: no data\n") != std::string::npos);
  const auto all = terminal_report(many, {false, true});
  CHECK(count(all, " · T\n") == 40);
  CHECK(all.find("more") == std::string::npos);
}

TEST_CASE("of the exit codes that hold, 130 comes before 3, 3 before 1, 1 before 2") {
  const auto codes = [](const Report& r) {
    std::vector<int> out;
    for (const auto& [code, why] : r.exit_codes()) out.push_back(code);
    return out;
  };
  const auto of = [](std::initializer_list<State> states) {
    Report r;
    for (const State state : states) r.tests.emplace_back().state = state;
    return r;
  };
  CHECK(codes(of({State::pass})) == std::vector<int>{0});
  CHECK(codes(of({})) == std::vector<int>{3});
  CHECK(codes(of({State::untested, State::error})) == std::vector<int>{3, 2});
  CHECK(codes(of({State::pass, State::fail, State::error})) == std::vector<int>{1, 2});
  Report r = of({State::pass, State::untested});
  CHECK(codes(r) == std::vector<int>{0});
  r.strict = true;
  CHECK(codes(r) == std::vector<int>{2});
  r.interrupted = true;
  CHECK(codes(r) == std::vector<int>{130, 2});
  Report damaged = of({State::pass});
  damaged.datasets.emplace_back().damaged = 1;
  CHECK(codes(damaged) == std::vector<int>{2});
}
