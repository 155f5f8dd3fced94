#pragma once
// JUnit XML, the dialect that CI systems read: one suite, one testcase a test. Pure functions.

#include <string>
#include <vector>

#include "harness/run_case.hpp"

namespace escudo::harness {

struct JunitTest {
  enum class Outcome { passed, failed, error, skipped };
  std::string classname, name, file;  // file: empty for none
  double seconds = 0;
  Outcome outcome = Outcome::passed;
  std::string message;  // one line: of what failed, or why it was skipped
  std::string text;     // what a person wants to read; of a passed test, standard output
};

// Counts are those of `tests`; the same name twice is for the caller to prevent.
std::string junit_xml(const std::string& suite, const std::vector<JunitTest>& tests);

std::string junit_xml(const std::vector<CaseResult>& results);

}  // namespace escudo::harness
