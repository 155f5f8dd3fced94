#include "harness/junit.hpp"

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"

namespace escudo::harness {
namespace {

using Ended = JunitTest::Outcome;

// Control characters have no place in XML 1.0, not even escaped; harmless() spells them out, so
// only line breaks are kept.
std::string escaped(const std::string& text) {
  std::string out;
  bool first = true;
  for (const auto line : base::split(text, '\n')) {
    if (!first) out += "&#10;";
    first = false;
    for (const char c : base::harmless(line)) {
      switch (c) {
        case '&':
          out += "&amp;";
          break;
        case '<':
          out += "&lt;";
          break;
        case '>':
          out += "&gt;";
          break;
        case '"':
          out += "&quot;";
          break;
        default:
          out += c;
      }
    }
  }
  return out;
}

std::string seconds(double time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", time);
  return text;
}

std::string attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + escaped(value) + "\"";
}

void add(std::string& out, const JunitTest& test) {
  out += "    <testcase" + attribute("classname", test.classname) + attribute("name", test.name);
  if (!test.file.empty()) out += attribute("file", test.file);
  out += attribute("time", seconds(test.seconds));
  const auto element = [&](const char* name) {
    out += std::string("      <") + name + attribute("message", test.message) + ">" +
           escaped(test.text) + "</" + name + ">\n";
  };
  if (test.outcome == Ended::passed && test.text.empty()) {
    out += "/>\n";
    return;
  }
  out += ">\n";
  switch (test.outcome) {
    case Ended::failed:
      element("failure");
      break;
    case Ended::error:
      element("error");
      break;
    case Ended::skipped:
      out += "      <skipped" + attribute("message", test.message) + "/>\n";
      break;
    case Ended::passed:
      out += "      <system-out>" + escaped(test.text) + "</system-out>\n";
      break;
  }
  out += "    </testcase>\n";
}

}  // namespace

std::string junit_xml(const std::string& suite, const std::vector<JunitTest>& tests) {
  double total = 0;
  for (const auto& test : tests) total += test.seconds;
  const auto count = [&](Ended outcome) {
    return std::to_string(std::ranges::count(tests, outcome, &JunitTest::outcome));
  };
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  out += "  <testsuite" + attribute("name", suite) + " tests=\"" + std::to_string(tests.size()) +
         "\" failures=\"" + count(Ended::failed) + "\" errors=\"" + count(Ended::error) +
         "\" skipped=\"" + count(Ended::skipped) + "\" time=\"" + seconds(total) + "\">\n";
  for (const auto& test : tests) add(out, test);
  out += "  </testsuite>\n</testsuites>\n";
  return out;
}

std::string junit_xml(const std::vector<CaseResult>& results) {
  std::vector<JunitTest> tests;
  for (const auto& result : results) {
    JunitTest& test = tests.emplace_back();
    test.classname = "case";
    test.name = result.name;
    test.seconds = static_cast<double>(result.time.count()) / 1000;
    if (result.was_skipped()) {
      test.outcome = Ended::skipped;
      test.message = result.skipped;
    } else if (!result.passed()) {
      test.outcome = Ended::failed;
      test.message = result.verdict.failures.front();
      test.text = report(result);
    } else if (!result.verdict.warnings.empty()) {
      test.text = report(result);
    }
  }
  return junit_xml("escudo cases", tests);
}

}  // namespace escudo::harness
