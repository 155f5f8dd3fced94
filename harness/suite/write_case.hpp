#pragma once
// write_case: a test of a detection made into a case: case.yml that expects what is found now. Its
// golden findings are written when it is run with rewrite.

#include "base/result.hpp"
#include "harness/suite/suite.hpp"

namespace escudo::harness {

// For every test of `suite` that ran and found something, and that no case in `have` is of, a
// folder below `folder`, named after the detection's file. The cases made. A test whose data could
// not be read whole becomes an error instead.
base::Result<std::vector<Case>> write_cases(const Suite& suite, Report& report,
                                            const std::vector<Case>& have,
                                            const std::string& folder);

}  // namespace escudo::harness
