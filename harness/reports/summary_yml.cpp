// contentctl's results/summary.yml: the same members with the same meaning, so that what reads that
// file goes on working. Its tests know PASS, FAIL, ERROR and SKIP. What could not be tested is
// "untested" here, which in contentctl means not done yet: as there, the whole is then no success.

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/text.hpp"
#include "harness/reports/escape.hpp"
#include "harness/reports/reports.hpp"

namespace escudo::harness {
namespace {

struct Detection {
  std::vector<const TestReport*> tests;
  const TestReport& first() const { return *tests.front(); }
  bool has(State state) const {
    return std::ranges::any_of(tests, [&](const TestReport* test) { return test->state == state; });
  }
  bool fails() const { return has(State::fail) || has(State::error); }
  bool tested() const { return fails() || has(State::pass); }
  bool skipped() const {
    return !tested() &&
           std::ranges::all_of(tests, [](const TestReport* test) { return test->skipped; });
  }
};

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "UKNOWN";  // as contentctl spells it
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%",
                100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

const char* truth(bool value) { return value ? "true" : "false"; }

std::string quoted_or_null(const std::string& text) {
  return text.empty() ? "null" : yaml_text(text);
}

const char* status_of(const TestReport& test) {
  switch (test.state) {
    case State::pass:
      return "pass";
    case State::fail:
      return "fail";
    case State::error:
      return "error";
    case State::untested:
      return "skip";
  }
  return "";
}

// "endpoint" of …/detections/endpoint/x.yml
std::string category(const std::string& path) {
  const auto parts = base::split(path, '/');
  return parts.size() < 2 ? std::string() : std::string(parts[parts.size() - 2]);
}

std::string message_of(const TestReport& test) {
  if (!test.failures.empty()) return test.failures.front().message;
  if (!test.reason.empty()) return test.reason;
  return "TEST PASSED";
}

void add_test(std::string& out, const TestReport& test) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f", test.seconds);
  out += "  - name: " + yaml_text(test.test) + "\n";
  out += "    test_type: unit\n";
  out += std::string("    success: ") +
         truth(test.state == State::pass || test.state == State::untested) + "\n";
  out += "    message: " + yaml_text(message_of(test)) + "\n";
  out += "    exception: " +
         (test.state == State::error ? yaml_text(test.reason) : std::string("null")) + "\n";
  out += std::string("    status: ") + status_of(test) + "\n";
  out += std::string("    duration: ") + seconds + "\n    wait_duration: null\n";
  out += "    resultCount: " + yaml_text(std::to_string(test.findings)) + "\n";
  out += std::string("    runDuration: \"") + seconds + "\"\n";
}

void add_detection(std::string& out, const Detection& detection) {
  const TestReport& first = detection.first();
  out += "- name: " + yaml_text(first.detection) + "\n";
  out += "  type: " + yaml_text(first.type) + "\n";
  out += "  production_status: " + yaml_text(first.status) + "\n";
  out += "  status: " +
         std::string(detection.fails()    ? "fail"
                     : detection.tested() ? "pass"
                                          : "skip") +
         "\n";
  out += "  source_category: " + yaml_text(category(first.path)) + "\n";
  out += "  data_source: [";
  for (std::size_t k = 0; k < first.data_sources.size(); ++k) {
    out += (k > 0 ? ", " : "") + yaml_text(first.data_sources[k]);
  }
  out += "]\n";
  out += "  search: " + yaml_text(first.search) + "\n";
  out += "  file_path: " + yaml_text(first.path) + "\n";
  out += "  manual_test: " + quoted_or_null(first.manual_test) + "\n";
  out += std::string("  success: ") + truth(!detection.fails()) + "\n";
  out += "  tests:\n";
  for (const TestReport* test : detection.tests) add_test(out, *test);
}

void add_list(std::string& out, const char* name, std::vector<const Detection*> list) {
  std::ranges::stable_sort(list, [](const Detection* a, const Detection* b) {
    return std::make_pair(!a->fails(), a->first().detection) <
           std::make_pair(!b->fails(), b->first().detection);
  });
  out += std::string(name) + ":" + (list.empty() ? " []\n" : "\n");
  for (const Detection* detection : list) add_detection(out, *detection);
}

}  // namespace

std::string summary_yml(const Report& report) {
  std::map<std::string, Detection> detections;  // by file: names may repeat
  for (const TestReport& test : report.tests)
    if (!test.is_case()) detections[test.path].tests.push_back(&test);
  std::vector<const Detection*> tested, skipped, untested;
  std::uint64_t failing = 0, production = 0, experimental = 0, deprecated = 0, manual = 0;
  for (const auto& [path, detection] : detections) {
    if (detection.tested())
      tested.push_back(&detection);
    else
      (detection.skipped() ? skipped : untested).push_back(&detection);
    failing += detection.fails();
    const std::string& status = detection.first().status;
    production += base::iequals(status, "production");
    experimental += base::iequals(status, "experimental");
    deprecated += base::iequals(status, "deprecated");
    manual += !detection.first().manual_test.empty();
  }
  std::string out = "summary:\n";
  const auto number = [&](const char* name, std::uint64_t n) {
    out += std::string("  ") + name + ": " + std::to_string(n) + "\n";
  };
  out += "  mode: " + report.mode + "\n  enable_integration_testing: false\n";
  out += std::string("  success: ") + truth(failing == 0 && untested.empty() && !tested.empty()) +
         "\n";
  number("total_detections", detections.size());
  number("total_tested_detections", tested.size());
  number("total_pass", tested.size() - failing);
  number("total_fail", failing);
  number("total_skipped", skipped.size());
  number("total_untested", untested.size());
  number("total_production", production);
  number("total_experimental", experimental);
  number("total_deprecated", deprecated);
  number("total_manual", manual);
  out += "  success_rate: " + percent(tested.size() - failing, tested.size()) + "\n";
  add_list(out, "tested_detections", tested);
  add_list(out, "skipped_detections", skipped);
  add_list(out, "untested_detections", untested);
  out += "percent_complete: " + percent(tested.size(), tested.size() + untested.size()) + "\n";
  return out;
}

}  // namespace escudo::harness
