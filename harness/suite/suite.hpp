#pragma once
// Suite: the tests to run, made of detections and cases before anything is read. Each dataset
// stands in it once, however many tests want it.
//
// Lifetime: Knowledge and RuleBook must outlive it. Immutable once built.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "detect/lints.hpp"
#include "detect/rule_book.hpp"
#include "harness/case_file.hpp"
#include "harness/suite/datasets.hpp"
#include "harness/suite/report.hpp"
#include "runtime/knowledge.hpp"

namespace escudo::harness {

// A dataset as one test wants it: what Splunk would call source, sourcetype and host; empty: as the
// events themselves say.
struct Input {
  std::size_t dataset = 0;  // index into Suite::datasets
  std::string source, sourcetype, host;
  std::string sha256;  // what the file must be; empty: anything
};

struct Dataset {
  std::string name;
  std::string address;  // as the first test that wants it writes it
  Located located;
};

struct Test {
  TestReport report;                   // filled as far as known before the run
  std::optional<std::uint32_t> rule;   // index into the book, of a detection's test
  std::shared_ptr<const Case> golden;  // of a case
  std::vector<Input> inputs;           // together they are the index the search sees
  bool runs() const { return report.state != State::error && report.reason.empty(); }
};

struct Suite {
  const detect::RuleBook* book = nullptr;
  std::shared_ptr<const detect::Linter> linter;
  std::vector<Dataset> datasets;
  std::vector<Test> tests;
  std::vector<std::string> case_rules;  // files and folders that only cases named

  // Whether a case looks at the findings of a rule: those it names itself, else all that no other
  // case brought along; of those, the ones `only` admits.
  bool concerns(const Case& c, const rules::Rule& rule) const;
  bool only_of_cases(const rules::Rule& rule) const;
};

struct SuiteOptions {
  std::vector<std::string> names;  // NAME...; whose tests are run; empty: all
  std::function<bool(const std::string& path)>
      changed;                        // further, of files with these paths; or none
  std::vector<std::string> datasets;  // globs; only tests of these datasets; empty: all
  bool skipped_too = false;           // also what contentctl skips: not in production, manual tests
  std::vector<Case> cases;
};

// Tests that cannot run stand in the suite with their reason: no data, unsupported, without tests.
Suite build_suite(const runtime::Knowledge& knowledge, const detect::RuleBook& book,
                  Datasets& datasets, const SuiteOptions& options);

// The tests as JSON, a line each: detection, id, test, path, case, datasets, mitre_attack.
std::string test_list(const Suite& suite);

// NAME of the command line: a detection's name or id, or a glob of its name or of its file's path.
bool names_rule(const std::string& name, const rules::Rule& rule);

}  // namespace escudo::harness
