// contentctl's rule, row by row, and what Escudo asks beyond it.

#include "harness/suite/verdict.hpp"

#include "catalog/catalog.hpp"
#include "catch.hpp"
#include "cim/maps.hpp"
#include "runtime/knowledge.hpp"
#include "scratch.hpp"

using namespace escudo;
using namespace escudo::harness;
using testing::Scratch;

namespace {

// A detection with risk object `user` and threat object `tool`, compiled.
struct Detection {
  std::unique_ptr<const runtime::Knowledge> knowledge;

  explicit Detection(const std::string& message = "seen $user$",
                     const std::string& search = "search EventID=1 | table user tool dest") {
    Scratch scratch;
    const auto path =
        scratch.write("d.yml", "name: D\nid: d\ntype: TTP\nstatus: production\nsearch: '" + search +
                                   "'\n"
                                   "rba:\n  message: '" +
                                   message +
                                   "'\n"
                                   "  risk_objects: [{field: user, type: user, score: 40}]\n"
                                   "  threat_objects: [{field: tool, type: process_name}]\n");
    runtime::KnowledgeOptions options;
    options.rules = {path};
    options.content = std::string(ESCUDO_ROOT) + "/content";
    knowledge = runtime::load_knowledge(options);
    REQUIRE(knowledge->book->rules().size() == 1);
    REQUIRE(knowledge->book->rules()[0].plan);
  }
  detect::Linter linter() const { return {knowledge->catalog, *knowledge->maps}; }
  const detect::CompiledRule& rule() const { return knowledge->book->rules()[0]; }
};

using Fields = std::vector<std::pair<std::string, event::Value>>;

TestReport judged(const Detection& detection, const std::vector<Fields>& rows) {
  std::vector<findings::Finding> all;
  for (const Fields& fields : rows) {
    findings::Finding& finding = all.emplace_back();
    finding.rule = detection.rule().rule;
    finding.fields = fields;
    finding.risk = findings::score(*finding.rule, fields);
  }
  TestReport report;
  judge_detection(detection.rule(), detection.linter(), all, report);
  return report;
}

std::string code(const TestReport& report) {
  return report.failures.empty() ? "" : report.failures.front().code;
}

const Fields good{{"user", "alice"}, {"tool", "x.exe"}, {"dest", "pc"}};
const Fields null_user{{"user", "null"}, {"tool", "x.exe"}};
const Fields no_user{{"tool", "x.exe"}};
const Fields no_tool{{"user", "alice"}};
const Fields null_tool{{"user", "alice"}, {"tool", "null"}};

}  // namespace

TEST_CASE("one row with everything passes, no row fails") {
  const Detection detection;
  const auto passed = judged(detection, {good});
  CHECK(passed.state == State::pass);
  CHECK(passed.contentctl_passes);
  CHECK(passed.findings == 1);
  CHECK(passed.score() == 40);
  CHECK(code(judged(detection, {})) == "no-findings");
  CHECK_FALSE(judged(detection, {}).contentctl_passes);
}

TEST_CASE("a risk object's field must be there and not the text null, up to the first good row") {
  const Detection detection;
  CHECK(code(judged(detection, {no_user})) == "risk-object-missing");
  CHECK(code(judged(detection, {null_user, good})) == "risk-object-missing");
  CHECK(code(judged(detection, {no_tool, null_user})) == "risk-object-missing");
  CHECK(judged(detection, {good, null_user}).state == State::pass);
  CHECK(judged(detection, {{{"user", "unknown"}, {"tool", "x"}}}).state == State::pass);
}

TEST_CASE("a threat object's field must be filled in one row") {
  const Detection detection;
  CHECK(code(judged(detection, {no_tool, null_tool})) == "threat-object-missing");
  CHECK(judged(detection, {no_tool, null_tool, good}).state == State::pass);
}

TEST_CASE(
    "a message that names a field the search cannot give is caught, though contentctl would pass "
    "it") {
  const Detection detection("seen $user$ with $toool$ at $5");
  const auto report = judged(detection, {good});
  CHECK(report.state == State::fail);
  CHECK(report.contentctl_passes);
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].code == "unknown-field");
  CHECK(report.failures[0].message == "message token `toool` is no column of the search's result");
  CHECK(report.failures[0].detail.find("did you mean tool?") != std::string::npos);
  CHECK(report.failures[0].line > 0);
  CHECK(impossible_fields(detection.rule(), detection.linter()).size() == 1);
}

TEST_CASE("a risk object the search cannot give is told once, as what cannot be") {
  const Detection detection("seen", "search EventID=1 | table tool");
  const auto failures = impossible_fields(detection.rule(), detection.linter());
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].message == "risk object `user` is no column of the search's result");
}

TEST_CASE("of raw rows any field may come: only the rows decide") {
  const Detection detection("seen $whatever$", "search EventID=1");
  CHECK(impossible_fields(detection.rule(), detection.linter()).empty());
  const auto report = judged(detection, {good});
  CHECK(report.state == State::pass);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0] == "the message names `whatever`, which no row fills");
}

TEST_CASE("a search that rests on a table of the site and finds nothing is untested, not failed") {
  const Detection detection(
      "seen $user$",
      "search EventID=1 | lookup some_site_table user OUTPUT tool | table user tool");
  REQUIRE(detection.rule().status == detect::Status::partly);
  const auto report = judged(detection, {});
  CHECK(report.state == State::untested);
  CHECK(report.reason.find("some_site_table") != std::string::npos);
  CHECK(judged(detection, {good}).state == State::pass);
}
