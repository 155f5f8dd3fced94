#pragma once
// A regression case: one folder with case.yml, its logs and, optionally, expected.jsonl.
//
//   description: A bare call leaves no trailing word and must not match
//   logs: [near_misses.evtx]             in the case folder, or under fixtures/logs
//   data:                                instead of logs: datasets of the store (--data), by path
//     - datasets/…/windows-sysmon.log                            or with what Splunk calls it:
//     - {path: datasets/…/windows.log, source: …, sourcetype: …, host: …,
//        sha256: …}                                                    what the file must be
//   rules: [rule.yml]                    none: the content Escudo ships
//   args: [--recover]                    more arguments for `escudo scan`
//   expect:                              findings by rule name or id
//     - {rule: Windows WMI Process Call Create, exactly: 1}      or at_least, at_most
//     - {rule: …, at_least: 1, score: 25, objects: [user, dest]} each finding scores 25 and names
//                                                                what those fields hold as at risk
//   only: [Windows WMI Process Call Create]                      other rules' findings do not count
//   risk:                                the sum of an entity's scores over all findings
//     - {entity: alice, exactly: 25}                             or at_least
//   unexpected: fail                     findings of rules `expect` does not name: fail, warn, ignore
//   exit: 0                              the exit code
//   says: [could not be read]            pieces of text that standard error must hold
//
// Value types; reading touches no state but the files.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"

namespace escudo::harness {

enum class Unexpected { fail, warn, ignore };

// Each bound that is there must hold.
struct Bounds {
  std::optional<double> exactly;
  std::optional<double> at_least;
  std::optional<double> at_most;

  bool hold(double value) const;
  std::string text() const;  // "exactly 2", "at least 1 and at most 3"
};

struct RuleExpectation {
  std::string rule;
  Bounds count;
  std::optional<double> score = {};      // of each finding
  std::vector<std::string> objects = {};  // fields of the risk objects of each finding
};

// A dataset of the store, and what Splunk would call it; empty: as the events say.
struct CaseData {
  std::string path, source, sourcetype, host, sha256;
};

struct RiskExpectation {
  std::string entity;
  Bounds score;
};

struct Case {
  std::string name;    // of the folder
  std::string folder;  // absolute, as are all paths here
  std::string logs_folder;
  std::string description;
  std::vector<std::string> logs;
  std::vector<CaseData> data;
  std::vector<std::string> rules;
  std::vector<std::string> only;
  std::vector<std::string> args;
  std::vector<RuleExpectation> expect;
  std::vector<RiskExpectation> risk;
  Unexpected unexpected = Unexpected::fail;
  int exit = 0;
  std::vector<std::string> says;
};

// Reads folder/case.yml. A key that is not known, an expectation without a bound or a log that is not
// there is a problem: a case with a slip of the pen must not pass for testing less than it seems to.
std::optional<Case> read_case(const std::string& folder, const std::string& logs_folder,
                              base::Diagnostics& problems);

}  // namespace escudo::harness
