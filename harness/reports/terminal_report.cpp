// Failures first, each with what an engineer needs to mend it; then what was not tested and why;
// cross-fire; the counts last, where the eye ends.

#include <cstdio>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "harness/reports/escape.hpp"
#include "harness/reports/reports.hpp"

namespace escudo::harness {
namespace {

class Printer {
 public:
  Printer(const Report& report, const TextStyle& style) : report_(report), style_(style) {}

  std::string print() {
    for (const State state : {State::fail, State::error}) {
      for (const TestReport& test : report_.tests)
        if (test.state == state) show_problem(test);
    }
    for (const TestReport& test : report_.tests) {
      if (test.state != State::pass) continue;
      if (style_.every_test) show_pass(test);
      show_warnings(test, style_.every_test ? "" : title(test) + ": ");
    }
    show_untested();
    show_cross_fire();
    show_changes();
    return std::move(out_);
  }

 private:
  std::string painted(const char* color, const std::string& text) const {
    return style_.color ? std::string("\x1b[") + color + "m" + text + "\x1b[0m" : text;
  }

  static std::string title(const TestReport& test) { return base::harmless(test.title()); }

  void line(const std::string& text) { out_ += text + '\n'; }

  void indented(const std::string& text, const char* indent) {
    for (const auto part : base::split(text, '\n'))
      if (!part.empty()) line(indent + base::harmless(part));
  }

  void show_problem(const TestReport& test) {
    line(painted("31", test.state == State::fail ? "FAIL " : "ERROR ") + title(test) + " (" +
         duration(test.seconds) + ")");
    const bool placed = !test.failures.empty() && test.failures.front().line > 0;
    const std::uint32_t at = placed ? test.failures.front().line : test.line;
    line("  " + base::harmless(test.path) + (at > 0 ? ":" + std::to_string(at) : ""));
    for (const std::string& dataset : test.datasets) line("  data " + base::harmless(dataset));
    if (test.state == State::error && test.failures.empty()) indented(test.reason, "  ");
    for (const Failure& failure : test.failures) {
      indented(failure.message, "  ");
      indented(failure.detail, "    ");
    }
    if (!test.failures.empty() && test.contentctl_passes) line("  contentctl would pass it");
    show_warnings(test, "");
  }

  void show_pass(const TestReport& test) {
    line(painted("32", "pass ") + title(test) + " (" +
         counted(test.findings, "finding", "findings") + ", " + duration(test.seconds) + ")");
  }

  void show_warnings(const TestReport& test, const std::string& prefix) {
    for (const std::string& warning : test.warnings) indented(prefix + "warning: " + warning, "  ");
  }

  // Of one dataset that is missing or one source that is unsupported, many tests have the same
  // tale, and of one kind of tale ("no data: …") there may be hundreds.
  void show_untested() {
    std::map<std::string, std::map<std::string, std::vector<const TestReport*>>> kinds;
    for (const TestReport& test : report_.tests) {
      if (test.state == State::untested)
        kinds[test.reason.substr(0, test.reason.find(':'))][test.reason].push_back(&test);
    }
    if (kinds.empty()) return;
    line(painted("33", "untested"));
    for (const auto& [kind, reasons] : kinds) {
      std::size_t shown = 0, left = 0;
      for (const auto& [reason, tests] : reasons) {
        if (!style_.every_test && shown == most_reasons_) {
          left += tests.size();
          continue;
        }
        ++shown;
        line("  " + base::harmless(reason));
        for (std::size_t k = 0; k < tests.size(); ++k) {
          if (!style_.every_test && k == most_titles_) {
            line("    and " + std::to_string(tests.size() - k) + " more");
            break;
          }
          line("    " + title(*tests[k]));
        }
      }
      if (left > 0)
        line("  and " + counted(left, "test", "tests") + " more: " + base::harmless(kind));
    }
  }

  void show_cross_fire() {
    bool any = false;
    for (const DatasetReport& dataset : report_.datasets) {
      if (dataset.others.empty()) continue;
      if (!any)
        line(painted("36", "cross-fire") + " (other detections that find something in a dataset)");
      any = true;
      line("  " + base::harmless(dataset.name));
      std::size_t shown = 0;
      for (const auto& [name, count] : dataset.others) {
        if (++shown > most_others_) {
          line("    and " + std::to_string(dataset.others.size() - most_others_) + " more");
          break;
        }
        line("    " + base::harmless(name) + ": " + std::to_string(count));
      }
    }
  }

  void show_changes() {
    if (report_.base.empty()) return;
    line(painted("36", "against ") + base::harmless(report_.base));
    if (report_.changes.empty()) line("  nothing changed");
    for (const Change& change : report_.changes) {
      std::string head = "  " + base::harmless(change.title);
      if (change.before != change.after) {
        head += ": " + (change.before.empty() ? "new" : change.before) + " -> " +
                (change.after.empty() ? "gone" : change.after);
      }
      line(head);
      for (const Found& found : change.lost) line("    - " + told(found));
      for (const Found& found : change.gained) line("    + " + told(found));
      for (const auto& [before, after] : change.rescored)
        line("    ~ " + told(before) + " -> " + told(after));
    }
  }

  static std::string told(const Found& found) {
    std::string out =
        found.first_time.empty() ? found.id : found.first_time + " " + found.id.substr(0, 8);
    if (found.score) out += " score " + number(*found.score);
    for (const RiskOfObject& object : found.objects) out += " " + object.type + " " + object.value;
    if (!found.message.empty()) out += " \"" + found.message + "\"";
    return one_line(out);
  }

  static std::string number(double value) {
    std::ostringstream text;
    text << value;
    return text.str();
  }

  static constexpr std::size_t most_others_ = 5, most_reasons_ = 5, most_titles_ = 3;
  const Report& report_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string terminal_report(const Report& report, const TextStyle& style) {
  return Printer(report, style).print();
}

std::string terminal_summary(const Report& report) {
  std::string out = counted(report.tests.size(), "test", "tests") + ": ";
  bool first = true;
  for (const State state : {State::pass, State::fail, State::untested, State::error}) {
    out += (first ? "" : ", ") + std::to_string(report.count(state)) + " " + state_name(state);
    first = false;
  }
  std::uint64_t read = 0, records = 0;
  for (const DatasetReport& dataset : report.datasets) {
    read += dataset.bytes > 0 || dataset.records > 0;
    records += dataset.records;
  }
  const auto bytes = static_cast<double>(report.bytes());
  char size[32];
  std::snprintf(size, sizeof size, bytes < 1e6 ? "%.1f kB" : "%.1f MB",
                bytes < 1e6 ? bytes / 1e3 : bytes / 1e6);
  out += "\n" + counted(read, "dataset", "datasets") + " of " + size + ", " +
         counted(records, "event", "events") + ", each read once for " +
         counted(report.detections, "detection", "detections") + ", in " +
         duration(report.seconds) + "\n";
  bool first_code = true;
  for (const auto& [code, why] : report.exit_codes()) {
    if (code == 0) break;
    out += (first_code ? "exit code " : ", also ") + std::to_string(code) + ": " + why;
    first_code = false;
  }
  if (!first_code) out += "\n";
  return out;
}

}  // namespace escudo::harness
