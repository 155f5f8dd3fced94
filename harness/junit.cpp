#include "harness/junit.hpp"

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"

namespace escudo::harness {
namespace {

// Control characters have no place in XML 1.0, not even escaped; harmless() spells them out, so only
// line breaks are kept.
std::string escaped(const std::string& text) {
  std::string out;
  bool first = true;
  for (const auto line : base::split(text, '\n')) {
    if (!first) out += "&#10;";
    first = false;
    for (const char c : base::harmless(line)) {
      switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
      }
    }
  }
  return out;
}

std::string seconds(std::chrono::milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(time.count() / 1000),
                static_cast<long long>(time.count() % 1000));
  return text;
}

}  // namespace

std::string junit_xml(const std::vector<CaseResult>& results) {
  const auto failed = std::count_if(results.begin(), results.end(),
                                    [](const CaseResult& r) { return !r.passed(); });
  std::chrono::milliseconds total{0};
  for (const auto& result : results) total += result.time;

  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  out += "  <testsuite name=\"escudo cases\" tests=\"" + std::to_string(results.size()) +
         "\" failures=\"" + std::to_string(failed) + "\" errors=\"0\" skipped=\"0\" time=\"" +
         seconds(total) + "\">\n";
  for (const auto& result : results) {
    out += "    <testcase classname=\"case\" name=\"" + escaped(result.name) + "\" time=\"" +
           seconds(result.time) + "\"";
    if (result.passed() && result.verdict.warnings.empty()) {
      out += "/>\n";
      continue;
    }
    out += ">\n";
    if (!result.passed()) {
      out += "      <failure message=\"" + escaped(result.verdict.failures.front()) + "\">" +
             escaped(report(result)) + "</failure>\n";
    } else {
      out += "      <system-out>" + escaped(report(result)) + "</system-out>\n";
    }
    out += "    </testcase>\n";
  }
  out += "  </testsuite>\n</testsuites>\n";
  return out;
}

}  // namespace escudo::harness
