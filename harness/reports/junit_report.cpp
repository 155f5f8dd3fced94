#include "harness/junit.hpp"
#include "harness/reports/reports.hpp"

namespace escudo::harness {

std::string junit_report(const Report& report) {
  std::vector<JunitTest> tests;
  for (const TestReport& from : report.tests) {
    JunitTest& test = tests.emplace_back();
    test.classname = from.is_case() ? "case" : from.detection;
    test.name = from.test;
    test.file = from.path;
    test.seconds = from.seconds;
    for (const Failure& failure : from.failures) {
      test.text += failure.message + '\n';
      if (!failure.detail.empty()) test.text += failure.detail + '\n';
    }
    for (const std::string& warning : from.warnings) test.text += "warning: " + warning + '\n';
    switch (from.state) {
      case State::pass:
        test.outcome = JunitTest::Outcome::passed;
        break;
      case State::fail:
        test.outcome = JunitTest::Outcome::failed;
        test.message = from.failures.empty() ? std::string() : from.failures.front().message;
        break;
      case State::error:
        test.outcome = JunitTest::Outcome::error;
        test.message = from.reason;
        break;
      case State::untested:
        test.outcome = JunitTest::Outcome::skipped;
        test.message = from.reason;
        break;
    }
  }
  return junit_xml("escudo test", tests);
}

}  // namespace escudo::harness
