#pragma once
// compare: what a run found that an earlier one did not, and the other way round. Pure function.

#include "harness/suite/report.hpp"

namespace escudo::harness {

// Tests are paired by detection id (cases by name) and name of the test, findings by finding_id.
// Tests that differ in nothing are left out. In the order of `now`, then those that are gone.
std::vector<Change> compare(const Report& before, const Report& now);

}  // namespace escudo::harness
