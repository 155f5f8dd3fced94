#include <map>

#include "base/json.hpp"
#include "harness/reports/escape.hpp"
#include "harness/reports/reports.hpp"

namespace escudo::harness {
namespace {

using Row = std::vector<std::string>;

std::string row(const Row& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

void head(std::string& out, const Row& names) {
  out += row(names) + "|";
  for (std::size_t k = 0; k < names.size(); ++k) out += "---|";
  out += "\n";
}

void add_problems(std::string& out, const Report& report) {
  for (const TestReport& test : report.tests) {
    if (test.state != State::fail && test.state != State::error) continue;
    out += "\n### " + std::string(test.state == State::fail ? "Failed: " : "Error: ") +
           markdown_text(test.title()) + "\n\n";
    out += markdown_code(test.path) + "\n";
    for (const std::string& dataset : test.datasets) out += "<br>" + markdown_code(dataset) + "\n";
    out += "\n";
    if (test.failures.empty()) out += "- " + markdown_text(test.reason) + "\n";
    for (const Failure& failure : test.failures)
      out += "- " + markdown_text(failure.message) + "\n";
    for (const Failure& failure : test.failures)
      if (!failure.detail.empty()) out += "\n" + markdown_block(failure.detail);
  }
}

void add_changes(std::string& out, const Report& report) {
  if (report.base.empty()) return;
  out += "\n### Against " + markdown_text(report.base) + "\n\n";
  if (report.changes.empty()) {
    out += "Nothing changed.\n";
    return;
  }
  head(out, {"", "before", "after", "findings lost", "findings gained", "scored otherwise"});
  for (const Change& change : report.changes) {
    std::string scores;
    for (const auto& [before, after] : change.rescored) {
      if (before.score == after.score) continue;
      if (!scores.empty()) scores += ", ";
      scores += (before.score ? base::number_text(*before.score) : "none") + " → " +
                (after.score ? base::number_text(*after.score) : "none");
      if (scores.size() > 100) break;
    }
    out +=
        row({markdown_text(change.title), change.before.empty() ? "-" : change.before,
             change.after.empty() ? "-" : change.after, std::to_string(change.lost.size()),
             std::to_string(change.gained.size()),
             std::to_string(change.rescored.size()) + (scores.empty() ? "" : " (" + scores + ")")});
  }
}

void add_passed(std::string& out, const Report& report) {
  if (report.count(State::pass) == 0) return;
  out += "\n<details><summary>" + counted(report.count(State::pass), "test", "tests") +
         " passed</summary>\n\n";
  head(out, {"test", "findings", "score", "time"});
  for (const TestReport& test : report.tests) {
    if (test.state != State::pass) continue;
    out += row({markdown_text(test.title()), std::to_string(test.findings),
                base::number_text(test.score()), duration(test.seconds)});
  }
  out += "\n</details>\n";
}

void add_untested(std::string& out, const Report& report) {
  if (report.count(State::untested) == 0) return;
  out += "\n<details><summary>" + counted(report.count(State::untested), "test", "tests") +
         " untested</summary>\n\n";
  head(out, {"test", "reason"});
  for (const TestReport& test : report.tests)
    if (test.state == State::untested)
      out += row({markdown_text(test.title()), markdown_text(test.reason)});
  out += "\n</details>\n";
}

void add_datasets(std::string& out, const Report& report) {
  bool any = false;
  for (const DatasetReport& dataset : report.datasets) any = any || dataset.records > 0;
  if (!any) return;
  out += "\n<details><summary>Datasets and cross-fire</summary>\n\n";
  head(out, {"dataset", "events", "time", "tested by", "other detections that find something"});
  for (const DatasetReport& dataset : report.datasets) {
    if (dataset.records == 0) continue;
    std::string tested, others;
    for (const std::string& name : dataset.tested)
      tested += (tested.empty() ? "" : "<br>") + markdown_text(name);
    for (const auto& [name, count] : dataset.others) {
      others +=
          (others.empty() ? "" : "<br>") + markdown_text(name) + " (" + std::to_string(count) + ")";
    }
    out += row({markdown_code(dataset.name), std::to_string(dataset.records),
                duration(dataset.seconds), tested, others});
  }
  out += "\n</details>\n";
}

}  // namespace

std::string markdown_report(const Report& report) {
  std::string out = "## Escudo: " + counted(report.tests.size(), "test", "tests") + "\n\n";
  head(out, {"pass", "fail", "untested", "error", "time"});
  out += row({std::to_string(report.count(State::pass)), std::to_string(report.count(State::fail)),
              std::to_string(report.count(State::untested)),
              std::to_string(report.count(State::error)), duration(report.seconds)});
  if (report.tested() == 0) out += "\n**Nothing was tested.**\n";
  if (report.interrupted) out += "\n**Interrupted.**\n";
  add_problems(out, report);
  add_changes(out, report);
  add_passed(out, report);
  add_untested(out, report);
  add_datasets(out, report);
  return out;
}

}  // namespace escudo::harness
