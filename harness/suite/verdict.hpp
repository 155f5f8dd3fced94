#pragma once
// What a test's findings mean: contentctl's rule, ours, and a case's expectations. Pure functions
// but for rewrite_case.

#include <vector>

#include "detect/lints.hpp"
#include "detect/rule_book.hpp"
#include "findings/finding.hpp"
#include "harness/case_file.hpp"
#include "harness/suite/report.hpp"

namespace escudo::harness {

// contentctl's: at least one row; every row up to the first that is good in all has each risk
// object's field, not the text "null"; each threat object's field is not "null" in some row. Ours
// adds that the message and the objects name fields which the search can give. Fills state,
// failures, warnings, contentctl_passes, findings and found.
void judge_detection(const detect::CompiledRule& compiled, const detect::Linter& linter,
                     const std::vector<findings::Finding>& rows, TestReport& report);

// Fields that the rule's risk names and its search certainly cannot give, data or no data.
std::vector<Failure> impossible_fields(const detect::CompiledRule& compiled,
                                       const detect::Linter& linter);

// `golden` is compared when it is there: the text of expected.jsonl.
void judge_case(const Case& c, const std::vector<findings::Finding>& rows, TestReport& report);
// Writes expected.jsonl of the case; the report passes unless that fails.
void rewrite_case(const Case& c, const std::vector<findings::Finding>& rows, TestReport& report);

}  // namespace escudo::harness
