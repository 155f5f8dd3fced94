#pragma once
// compare: what a run found that an earlier one did not, and the other way round. Pure functions.

#include <functional>
#include <string>

#include "harness/suite/report.hpp"

namespace escudo::harness {

// Tests are paired by detection id (cases by name) and name of the test, findings by finding_id.
// Tests that differ in nothing are left out. In the order of `now`, then those that are gone: of
// the tests that only `before` has, those of which `gone` says so; the others were not asked for.
std::vector<Change> compare(const Report& before, const Report& now,
                            const std::function<bool(const TestReport&)>& gone);

// What pairs the tests of two runs.
std::string test_key(const TestReport& test);

}  // namespace escudo::harness
