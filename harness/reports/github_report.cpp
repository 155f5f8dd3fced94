#include <algorithm>

#include "harness/reports/escape.hpp"
#include "harness/reports/reports.hpp"

namespace escudo::harness {
namespace {

// GitHub shows ten of each kind a step; the rest of a long list is in the step summary.
constexpr std::size_t most_annotations = 10;
constexpr std::size_t most_summary_bytes = 1'000'000;

std::string command(const char* kind, const TestReport& test, std::uint32_t line,
                    const std::string& root, const std::string& text) {
  std::string out = std::string("::") + kind + " file=" + github_property(below(root, test.path));
  out += ",line=" + std::to_string(std::max<std::uint32_t>(1, line > 0 ? line : test.line));
  out += ",title=" + github_property(test.title());
  return out + "::" + github_data(text) + "\n";
}

}  // namespace

std::string github_annotations(const Report& report, const std::string& root) {
  std::string out;
  std::size_t errors = 0, warnings = 0;
  for (const TestReport& test : report.tests) {
    if (test.state == State::fail || test.state == State::error) {
      std::string text;
      std::uint32_t line = 0;
      for (const Failure& failure : test.failures) {
        text += (text.empty() ? "" : "\n") + failure.message;
        if (!failure.detail.empty()) text += "\n" + failure.detail;
        if (line == 0) line = failure.line;
      }
      if (text.empty()) text = test.reason;
      if (errors++ < most_annotations) out += command("error", test, line, root, text);
    }
    for (const std::string& warning : test.warnings)
      if (warnings++ < most_annotations) out += command("warning", test, 0, root, warning);
  }
  return out;
}

std::string github_step_summary(const Report& report) {
  std::string text = markdown_report(report);
  if (text.size() <= most_summary_bytes) return text;
  const std::size_t end = text.rfind('\n', most_summary_bytes);
  return text.substr(0, end + 1) + "\nCut here: a step summary holds no more.\n";
}

}  // namespace escudo::harness
