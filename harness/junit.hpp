#pragma once
// JUnit XML, the dialect that CI systems read: one suite, one testcase a case. Pure function.

#include <string>
#include <vector>

#include "harness/run_case.hpp"

namespace escudo::harness {

std::string junit_xml(const std::vector<CaseResult>& results);

}  // namespace escudo::harness
