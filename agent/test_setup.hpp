#pragma once
// What the arguments of `escudo test` ask for.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "harness/suite/datasets.hpp"
#include "harness/suite/run_suite.hpp"
#include "replay/store.hpp"
#include "status.hpp"

namespace escudo::agent {

// What one run needs; `--base` makes a second one with the rules of another revision.
struct TestSetup {
  std::vector<std::string> rules, macros;
  std::vector<harness::Case> cases;
  harness::SuiteOptions suite;
  harness::SuiteRunOptions run;
  bool only_chosen = false;                     // compile the chosen detections alone
  std::optional<replay::Store> store;           // nothing: every test is untested, and says so
  harness::FetchMissing fetch;
  // The files of --rules that --changed-since found changed; null without that option.
  std::shared_ptr<const std::set<std::string>> changed;
  std::map<std::string, std::string> exported;  // work tree -> where its files of a revision lie

  // The path that a file has in its work tree.
  std::string original(const std::string& path) const;
};

// An error is a sentence on how the command is used. `status` is told of problems in the files, and must
// outlive the setup.
base::Result<TestSetup> test_setup(const Arguments& arguments, Status& status);

}  // namespace escudo::agent
