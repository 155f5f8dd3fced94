// Suites over the project's own logs: what a test sees, what others see of it, at any number of
// threads.

#include "harness/suite/run_suite.hpp"

#include <sys/stat.h>

#include <thread>

#include "base/text.hpp"
#include "harness/reports/reports.hpp"
#include "harness/suite/write_case.hpp"
#include "scratch.hpp"

using namespace escudo;
using namespace escudo::harness;
using testing::Scratch;

namespace {

const std::string root = ESCUDO_ROOT;
const std::string wmi_log = root + "/fixtures/logs/xml/wmi_process_call_create.log";
const std::string quiet_log = root + "/fixtures/logs/xml/wmi_near_misses.log";

// Finds something in wmi_log and nothing in quiet_log.
const std::string wmic =
    "search EventID=1 process_name=wmic.exe process=\"* process *\" process=\"* call *\" "
    "process=\"* create *\"";

std::string detection(const std::string& name, const std::string& search, const std::string& tests,
                      const std::string& more = "") {
  return "name: " + name + "\nid: id-" + name + "\ntype: TTP\nstatus: production\nsearch: '" +
         search + "'\n" + more + "tests:\n" + tests;
}
std::string one_test(const std::string& data, const std::string& source = "",
                     const std::string& sourcetype = "") {
  return "  - name: T\n    attack_data:\n      - {data: " + data + ", source: \"" + source +
         "\", sourcetype: \"" + sourcetype + "\"}\n";
}

struct World {
  Scratch scratch;
  std::unique_ptr<const runtime::Knowledge> knowledge;
  SuiteOptions options;
  SuiteRunOptions run;
  Suite suite;

  World() {
    std::filesystem::create_directories(scratch.path("data/datasets"));
    std::filesystem::copy_file(wmi_log, scratch.path("data/datasets/wmi.log"));
    std::filesystem::copy_file(quiet_log, scratch.path("data/datasets/quiet.log"));
  }
  void add(const std::string& name, const std::string& yml) {
    scratch.write("rules/" + name + ".yml", yml);
  }
  void build() {
    runtime::KnowledgeOptions load;
    load.rules = {scratch.path("rules")};
    for (const Case& c : options.cases)
      load.rules.insert(load.rules.end(), c.rules.begin(), c.rules.end());
    load.content = root + "/content";
    knowledge = runtime::load_knowledge(load);
    const auto datasets = store_datasets(replay::Store(scratch.path("data")));
    suite = build_suite(*knowledge, *knowledge->book, *datasets, options);
  }
  Report report() {
    build();
    return run_suite(suite, run, {});
  }
  const TestReport& test(const Report& report, const std::string& name) const {
    for (const TestReport& t : report.tests)
      if (t.detection == name || (t.is_case() && t.test == name)) return t;
    FAIL("no test of " << name);
    return report.tests.front();
  }
  Case read(const std::string& name, const std::string& yml) {
    scratch.write("cases/" + name + "/case.yml", yml);
    base::Diagnostics problems;
    auto c = read_case(scratch.path("cases/" + name), root + "/fixtures/logs", problems);
    for (const auto& problem : problems) UNSCOPED_INFO(problem.render());
    REQUIRE(c);
    return *c;
  }
};

}  // namespace

TEST_CASE("tests pass, fail and stay untested by what their data holds") {
  World world;
  world.add("a", detection("Finds", wmic + " | table process dest", one_test("datasets/wmi.log")));
  world.add("b",
            detection("Misses", "search EventID=4711 | table dest", one_test("datasets/wmi.log")));
  world.add("c",
            detection("Lacks", "search EventID=1 | table dest", one_test("datasets/none.log")));
  world.add("d",
            detection("Broken", "search EventID=1 | tabel dest", one_test("datasets/wmi.log")));
  world.add("e", "name: Bare\nid: bare\ntype: TTP\nstatus: production\nsearch: search x\n");
  world.add("f", detection("Old", "search EventID=1", one_test("datasets/wmi.log")));
  world.scratch.write("rules/f.yml", base::replace_all(world.scratch.read("rules/f.yml"),
                                                       "production", "deprecated"));
  world.add("g", "name: Unusable\nid: [\n");
  const Report report = world.report();
  CHECK(world.test(report, "Finds").state == State::pass);
  CHECK(world.test(report, "Misses").state == State::fail);
  CHECK(world.test(report, "Lacks").state == State::untested);
  CHECK(world.test(report, "Lacks").reason.starts_with("no data: datasets/none.log is not in "));
  CHECK(world.test(report, "Broken").state == State::error);
  CHECK(world.test(report, "Bare").reason == "it has no tests");
  CHECK(world.test(report, "Old").reason == "its status is deprecated, not production");
  CHECK(world.test(report, "g.yml").state == State::error);
  CHECK(report.count(State::untested) == 3);

  world.options.skipped_too = true;
  CHECK(world.test(world.report(), "Old").state == State::pass);
}

TEST_CASE("a miss is explained: how far the events get, and the term that loses the nearest") {
  World world;
  world.add(
      "a", detection(
               "A", "search EventID=1 process_name=wmic.exe process=\"* proces *\" | table process",
               one_test("datasets/wmi.log")));
  const Report report = world.report();
  REQUIRE(report.tests[0].failures.size() == 1);
  const std::string& detail = report.tests[0].failures[0].detail;
  INFO(detail);
  CHECK(detail.find("process=\"* proces *\"") != std::string::npos);
  CHECK(detail.find("verdict ") != std::string::npos);
  world.run.explained = 0;
  CHECK(world.report().tests[0].failures[0].detail.empty());
}

TEST_CASE("source, sourcetype and host of a test are what its search sees") {
  World world;
  const std::string search =
      "search source=\"XmlWinEventLog:Security\" sourcetype=XmlWinEventLog EventID=1 | table "
      "source process";
  world.add("named",
            detection("Named", search,
                      one_test("datasets/wmi.log", "XmlWinEventLog:Security", "XmlWinEventLog")));
  world.add("unnamed", detection("Unnamed", search, one_test("datasets/wmi.log")));
  world.add("spelled",
            detection("Spelled", search,
                      one_test("datasets/wmi.log", "XMLwineventlog:security", "xmlWINEVENTLOG")));
  world.add(
      "host",
      detection("Host", "search host=box1 | table host",
                "  - name: T\n    attack_data:\n      - {data: datasets/wmi.log, host: box1}\n"));
  const Report report = world.report();
  CHECK(world.test(report, "Named").state == State::pass);
  CHECK(world.test(report, "Unnamed").state == State::fail);
  CHECK(world.test(report, "Spelled").state == State::pass);
  CHECK(world.test(report, "Host").state == State::pass);
}

TEST_CASE("a test of two datasets searches both as one index") {
  World world;
  const std::string both =
      "  - name: T\n    attack_data:\n      - {data: datasets/wmi.log}\n      - {data: "
      "datasets/quiet.log}\n";
  world.add("both", detection("Both", "search EventID=1 | stats count as n by EventID", both));
  world.add("one", detection("One", "search EventID=1 | stats count as n by EventID",
                             one_test("datasets/wmi.log")));
  world.add("other", detection("Other", "search EventID=1 | stats count as n by EventID",
                               one_test("datasets/quiet.log")));
  world.build();
  std::vector<findings::Finding> none;
  const Report report = run_suite(world.suite, world.run, {});
  const auto events = [&](const char* name) {
    REQUIRE(world.test(report, name).findings == 1);
    return world.test(report, name).state;
  };
  CHECK(events("Both") == State::pass);
  CHECK(events("One") == State::pass);
  // Three searches, two files: each was read once.
  std::uint64_t records = 0;
  for (const DatasetReport& dataset : report.datasets) records += dataset.records;
  CHECK(report.datasets.size() == 2);
  CHECK(records > 0);
}

TEST_CASE("each dataset is read once for all tests of it") {
  // A pipe can be read but once: a second reading would wait for ever, or find nothing.
  World world;
  const std::string pipe = world.scratch.path("data/datasets/pipe.log");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string text = *base::read_file(wmi_log);
  std::thread writer([&] { (void)base::write_file(pipe, text); });
  for (int k = 0; k < 5; ++k) {
    const std::string name = "D" + std::to_string(k);
    world.add(name, detection(name, wmic + " | table process",
                              one_test("datasets/pipe.log", "source " + std::to_string(k % 2))));
  }
  world.run.threads = 4;
  const Report report = world.report();
  writer.join();
  CHECK(report.count(State::pass) == 5);
}

TEST_CASE("other detections that fire on a dataset are counted, those it tests are not") {
  World world;
  world.add("own", detection("Own", wmic + " | table process", one_test("datasets/wmi.log")));
  world.add("loud", detection("Loud", "search EventID=1 | stats count by EventID",
                              one_test("datasets/quiet.log")));
  const Report report = world.report();
  REQUIRE(report.datasets.size() == 2);
  CHECK(report.datasets[0].name == "datasets/quiet.log");
  CHECK(report.datasets[0].others.empty());
  CHECK(report.datasets[1].tested == std::vector<std::string>{"Own"});
  CHECK(report.datasets[1].others ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"Loud", 1}});
  world.run.cross_fire = false;
  CHECK(world.report().datasets[1].others.empty());
}

TEST_CASE("a report is the same at any number of threads") {
  World world;
  for (int k = 0; k < 6; ++k) {
    std::filesystem::copy_file(k % 2 ? wmi_log : quiet_log,
                               world.scratch.path("data/datasets/" + std::to_string(k) + ".log"));
    const std::string name = "D" + std::to_string(k);
    world.add(name, detection(name, "search EventID=1 | table process dest user",
                              one_test("datasets/" + std::to_string(k) + ".log")));
  }
  const auto text = [&](unsigned threads) {
    world.run.threads = threads;
    Report report = world.report();
    report.seconds = 0;
    for (TestReport& test : report.tests) test.seconds = 0;
    for (DatasetReport& dataset : report.datasets) dataset.seconds = 0;
    return result_json(report);
  };
  const auto one = text(1);
  CHECK(one.find("\"pass\":6") != std::string::npos);
  CHECK(text(2) == one);
  CHECK(text(7) == one);
}

TEST_CASE(
    "a damaged dataset warns, one that is no log leaves its test untested, one that cannot be read "
    "is an error") {
  World world;
  const std::string text = *base::read_file(wmi_log);
  world.scratch.write("data/datasets/torn.log", text.substr(0, text.size() - 200));
  world.scratch.write("data/datasets/odd.log",
                      std::string("\x7f") + "ELF\x02\x01\x01 and so on, no log at all\x01\x02");
  world.add("torn", detection("Torn", wmic + " | table process", one_test("datasets/torn.log")));
  world.add("odd",
            detection("Odd", "search EventID=1 | table process", one_test("datasets/odd.log")));
  const Report report = world.report();
  CHECK(world.test(report, "Torn").state == State::pass);
  REQUIRE(world.test(report, "Torn").warnings.size() == 1);
  CHECK(world.test(report, "Odd").state == State::untested);
  CHECK(world.test(report, "Odd").reason.find("in no format") != std::string::npos);
}

TEST_CASE("cases are judged beside tests: bounds, scores, objects, entities and golden findings") {
  World world;
  world.add("d", detection("D", wmic + " | table process dest user", one_test("datasets/wmi.log"),
                           "rba:\n  message: ran $process$\n  risk_objects: [{field: user, type: "
                           "user, score: 30}]\n"));
  world.add("loud", detection("Loud", "search EventID=1 | stats count by EventID",
                              one_test("datasets/quiet.log")));
  const std::string data = "description: x\ndata: [datasets/wmi.log]\n";
  world.options.cases = {
      world.read(
          "good",
          data + "only: [D]\nexpect: [{rule: D, at_least: 1, score: 30, objects: [user]}]\n"),
      world.read("score", data + "only: [D]\nexpect: [{rule: D, at_least: 1, score: 31}]\n"),
      world.read("object", data + "only: [D]\nexpect: [{rule: D, at_least: 1, objects: [dest]}]\n"),
      world.read("unexpected", data + "expect: [{rule: D, at_least: 1}]\n"),
      world.read("warned", data + "expect: [{rule: D, at_least: 1}]\nunexpected: warn\n"),
      world.read("ignored", data + "expect: [{rule: D, at_least: 1}]\nunexpected: ignore\n"),
      world.read("negative",
                 "description: x\ndata: [datasets/quiet.log]\nonly: [D]\nexpect: [{rule: D, "
                 "exactly: 0}]\n"),
      world.read("not_negative", data + "only: [D]\nexpect: [{rule: D, exactly: 0}]\n"),
      world.read("lacking",
                 "description: x\ndata: [datasets/none.log]\nexpect: [{rule: D, exactly: 0}]\n"),
      world.read("program", data + "exit: 2\nexpect: [{rule: D, at_least: 1}]\n"),
      world.read("logs",
                 "description: x\nlogs: [xml/wmi_process_call_create.log]\nonly: [D]\nexpect: "
                 "[{rule: D, at_least: 1}]\n"),
  };
  const Report report = world.report();
  for (const char* name : {"good", "warned", "ignored", "negative", "logs"}) {
    INFO(name);
    CHECK(world.test(report, name).state == State::pass);
  }
  for (const char* name : {"score", "object", "unexpected", "not_negative"}) {
    INFO(name);
    CHECK(world.test(report, name).state == State::fail);
  }
  CHECK(world.test(report, "warned").warnings.size() == 1);
  CHECK(world.test(report, "lacking").state == State::untested);
  CHECK(world.test(report, "program").state == State::untested);
}

TEST_CASE("a case's own rules are its alone") {
  World world;
  world.add("d", detection("D", wmic + " | table process", one_test("datasets/wmi.log")));
  world.scratch.write("cases/own/mine.yml",
                      detection("Mine", "search EventID=1 | stats count by EventID", "  []\n"));
  world.options.cases = {
      world.read("own",
                 "description: x\ndata: [datasets/wmi.log]\nrules: [mine.yml]\nexpect: [{rule: "
                 "Mine, exactly: 1}]\n"),
      world.read("all",
                 "description: x\ndata: [datasets/wmi.log]\nexpect: [{rule: D, at_least: 1}]\n"),
  };
  const Report report = world.report();
  CHECK(world.test(report, "own").state == State::pass);
  CHECK(world.test(report, "all").state == State::pass);
  CHECK(report.tests.size() == 3);  // Mine has no test of its own in the suite
}

TEST_CASE(
    "a new case is written with its golden findings, holds, and notices when a finding changes") {
  World world;
  const std::string rba =
      "rba:\n  message: ran $process$\n  risk_objects: [{field: user, type: user, score: 30}]\n";
  const std::string search = wmic + " | table process dest user";
  world.add("d",
            detection("D: \"quoted\"", search, one_test("datasets/wmi.log", "Own:Source"), rba));
  world.scratch.write("rules/d.yml", base::replace_all(world.scratch.read("rules/d.yml"),
                                                       "D: \"quoted\"", "\'D: \"quoted\"\'"));
  world.scratch.write("rules/d.yml", base::replace_all(world.scratch.read("rules/d.yml"),
                                                       "id-'D: \"quoted\"'", "id-d"));
  Report first = world.report();
  REQUIRE(first.count(State::pass) == 1);
  const auto made = write_cases(world.suite, first, {}, world.scratch.path("cases"));
  REQUIRE(made.ok());
  REQUIRE(made->size() == 1);
  CHECK(made->front().name == "d");
  CHECK(made->front().data.at(0).source == "Own:Source");
  CHECK(made->front().risk.size() >= 1);
  // A second time there is nothing to write.
  CHECK(write_cases(world.suite, first, *made, world.scratch.path("cases"))->empty());

  world.options.cases = *made;
  world.run.rewrite = true;
  CHECK(world.test(world.report(), "d").state == State::pass);
  world.run.rewrite = false;
  CHECK(world.test(world.report(), "d").state == State::pass);
  CHECK(world.scratch.read("cases/d/expected.jsonl").find("\"source\":\"datasets/wmi.log\"") !=
        std::string::npos);

  world.scratch.write("rules/d.yml", base::replace_all(world.scratch.read("rules/d.yml"),
                                                       "score: 30", "score: 31"));
  const Report changed = world.report();
  const TestReport& test = world.test(changed, "d");
  CHECK(test.state == State::fail);
  CHECK(test.failures.back().code == "golden-difference");
  CHECK(test.failures.back().detail.find("/risk/score: expected 30, got 31") != std::string::npos);
}

TEST_CASE("names choose by name, id and path, and failed files by path") {
  World world;
  world.add("one",
            detection("First Rule", "search EventID=1 | table dest", one_test("datasets/wmi.log")));
  world.add("two", detection("Second Rule", "search EventID=1 | table dest",
                             one_test("datasets/wmi.log")));
  world.add("bad", "name: Unusable\nid: [\n");
  const auto chosen = [&](const std::string& name) {
    world.options.names = {name};
    world.build();
    std::string out;
    for (const Test& test : world.suite.tests) out += test.report.detection + ";";
    return out;
  };
  CHECK(chosen("first rule") == "First Rule;");
  CHECK(chosen("*Rule") == "First Rule;Second Rule;");
  CHECK(chosen("id-Second Rule") == "Second Rule;");
  CHECK(chosen("*/rules/one.yml") == "First Rule;");
  CHECK(chosen("*/bad.yml") == "bad.yml;");
  CHECK(chosen("nothing") == "");
}

TEST_CASE("a dataset's glob chooses tests") {
  World world;
  world.add("a", detection("A", "search EventID=1 | table dest", one_test("datasets/wmi.log")));
  world.add("b", detection("B", "search EventID=1 | table dest", one_test("datasets/quiet.log")));
  world.options.datasets = {"datasets/w*"};
  world.build();
  REQUIRE(world.suite.tests.size() == 1);
  CHECK(world.suite.tests[0].report.detection == "A");
}

TEST_CASE("an interrupted run says so of every test it had begun") {
  World world;
  world.add("a", detection("A", "search EventID=1 | table dest", one_test("datasets/wmi.log")));
  world.build();
  const std::atomic<bool> stop{true};
  SuiteHooks hooks;
  hooks.stop = &stop;
  const Report report = run_suite(world.suite, world.run, hooks);
  CHECK(report.interrupted);
  CHECK(report.tests[0].state == State::untested);
  CHECK(report.tests[0].reason == "interrupted");
}

TEST_CASE("a golden difference in everything is cut") {
  World world;
  world.add("d", detection("D", "search EventID=1 | table process", one_test("datasets/none.log")));
  world.options.cases = {world.read(
      "c",
      "description: x\ndata: [datasets/wmi.log]\nonly: [D]\nexpect: [{rule: D, at_least: 1}]\n")};
  std::string golden;
  for (int k = 0; k < 200; ++k)
    golden +=
        "{\"type\":\"finding\",\"finding_id\":\"" + std::to_string(k) + "\",\"detection\":\"D\"}\n";
  world.scratch.write("cases/c/expected.jsonl", golden);
  const Report report = world.report();
  const std::string& detail = world.test(report, "c").failures.at(0).detail;
  CHECK(std::count(detail.begin(), detail.end(), '\n') == 101);
  CHECK(detail.ends_with(" more lines\n"));
}
