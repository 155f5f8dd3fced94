#pragma once
// Whether a run did what its case expects. Pure functions.

#include <string>
#include <vector>

#include "harness/case_file.hpp"
#include "harness/child.hpp"
#include "harness/findings.hpp"

namespace escudo::harness {

struct Verdict {
  std::vector<std::string> failures;  // each a text of one or more lines
  std::vector<std::string> warnings;
};

// Those of the rules that `only` names; all when it names none.
std::vector<Finding> judged_findings(const Case& c, std::vector<Finding> findings);

// Counts by rule, scores and objects of each, sums by entity, and what `unexpected` says about the rest.
void judge_findings(const Case& expected, const std::vector<Finding>& findings, Verdict& verdict);

// How it ended and what it said on standard error.
void judge_run(const Case& expected, const Outcome& outcome, const Limits& limits, Verdict& verdict);

}  // namespace escudo::harness
