#pragma once
// Tests that `escudo test` judges, run through the program as a user would: a detection with one of
// its datasets, or a case whose logs are datasets.

#include "harness/run_case.hpp"

namespace escudo::harness {

struct DetectionTest {
  std::string rule;     // the detection's file
  std::string dataset;  // one of those its tests name
};

// Skipped, with the reason, when the program finds nothing to test; else what it says.
CaseResult run_detection(const DetectionTest& test, const RunOptions& options);

// Fills a result that has its name by what `escudo test` says when given these arguments.
void run_test_command(std::vector<std::string> arguments, const RunOptions& options,
                      CaseResult& result);

}  // namespace escudo::harness
