#pragma once
// The forms a Report takes, one file each. Pure functions; text from rules and logs is escaped for
// the form it goes into, so that none of it can speak for us.

#include <string>

#include "base/result.hpp"
#include "harness/suite/report.hpp"

namespace escudo::harness {

struct TextStyle {
  bool color = false;
  bool every_test = false;  // passed ones too
};
std::string terminal_report(const Report& report, const TextStyle& style);
std::string terminal_summary(const Report& report);  // its last lines

std::string junit_report(const Report& report);

// SARIF 2.1.0 as GitHub takes it (docs/ci.md). Paths below `root` are written relative to it.
std::string sarif_report(const Report& report, const std::string& root);

// Workflow commands (::error file=…) for the log of a GitHub Actions job.
std::string github_annotations(const Report& report, const std::string& root);

// For a job's step summary or a comment.
std::string markdown_report(const Report& report);
// GitHub drops a step summary of more than a MiB; the text is cut before, and says so.
std::string github_step_summary(const Report& report);

// The file that contentctl writes: summary, tested_, skipped_ and untested_detections.
std::string summary_yml(const Report& report);

// A report as JSON, to be kept and compared with; read back without loss of what is compared.
std::string result_json(const Report& report);
base::Result<Report> read_result(const std::string& json);

}  // namespace escudo::harness
