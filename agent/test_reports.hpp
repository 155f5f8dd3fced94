#pragma once
// Where the verdicts of `escudo test` go: the terminal or standard output, the files that options name, and
// GitHub's annotations and step summary.

#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "harness/suite/report.hpp"
#include "sinks/sink.hpp"
#include "status.hpp"

namespace escudo::agent {

class TestReports {
 public:
  // Opens the files, before any test runs. An error is a sentence on how the command is used. Both
  // arguments must outlive it.
  static base::Result<TestReports> open(const Arguments& arguments, Status& status);
  // False when one could not be written, which `status` has told. Paths are written relative to `root`.
  bool write(const harness::Report& report, const std::string& root);

 private:
  TestReports(const Arguments& arguments, Status& status) : arguments_(&arguments), status_(&status) {}
  void write_github(const harness::Report& report, const std::string& root);

  const Arguments* arguments_;
  Status* status_;
  bool json_ = false;
  std::vector<std::unique_ptr<sinks::Output>> files_;   // in the order of kReportFiles
};

}  // namespace escudo::agent
