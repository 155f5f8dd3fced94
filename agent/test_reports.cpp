#include "test_reports.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/text.hpp"
#include "harness/reports/reports.hpp"
#include "terminal.hpp"

namespace escudo::agent {
namespace {

struct ReportFile {
  const char* option;
  std::string (*print)(const harness::Report&, const std::string& root);
};
const ReportFile kReportFiles[] = {
    {"junit",
     [](const harness::Report& r, const std::string&) { return harness::junit_report(r); }},
    {"sarif", [](const harness::Report& r,
                 const std::string& root) { return harness::sarif_report(r, root); }},
    {"markdown",
     [](const harness::Report& r, const std::string&) { return harness::markdown_report(r); }},
    {"summary",
     [](const harness::Report& r, const std::string&) { return harness::summary_yml(r); }},
    {"result",
     [](const harness::Report& r, const std::string&) { return harness::result_json(r); }},
};

}  // namespace

base::Result<TestReports> TestReports::open(const Arguments& arguments, Status& status) {
  TestReports out(arguments, status);
  const std::string format = arguments.text("format", "text");
  if (format != "text" && format != "json")
    return base::Error{"--format is text or json here, not `" + base::harmless(format) + "`"};
  out.json_ = format == "json";
  for (const ReportFile& file : kReportFiles) {
    out.files_.push_back(nullptr);
    if (!arguments.has(file.option)) continue;
    auto opened = sinks::file_output(arguments.text(file.option));
    if (!opened) return base::Error{opened.error()};
    out.files_.back() = std::move(*opened);
  }
  return out;
}

bool TestReports::write(const harness::Report& report, const std::string& root) {
  if (json_) {
    std::fputs(harness::result_json(report).c_str(), stdout);
  } else {
    const harness::TextStyle style{wants_color(1), arguments_->has("verbose")};
    std::fputs(harness::terminal_report(report, style).c_str(), stdout);
    std::fputs(harness::terminal_summary(report).c_str(), stdout);
  }
  if (arguments_->has("github")) write_github(report, root);
  bool all_written = std::fflush(stdout) == 0;
  for (std::size_t k = 0; k < files_.size(); ++k) {
    if (!files_[k]) continue;
    files_[k]->write(kReportFiles[k].print(report, root));
    if (auto done = files_[k]->finish(); !done) {
      status_->fatal(done.error());
      all_written = false;
    }
  }
  return all_written;
}

void TestReports::write_github(const harness::Report& report, const std::string& root) {
  std::fputs(harness::github_annotations(report, root).c_str(), stdout);
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (!path || !*path) return;
  std::ofstream summary(path, std::ios::binary | std::ios::app);
  summary << harness::github_step_summary(report);
  if (!summary.flush()) status_->warn(std::string("cannot write the step summary to ") + path);
}

}  // namespace escudo::agent
