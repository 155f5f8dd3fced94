#pragma once
// Report: what came of `escudo test`, as every form of output reads it (harness/reports). Value
// types without ties to rules or events, so that a report of yesterday can be read back and
// compared.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"

namespace escudo::harness {

enum class State { pass, fail, untested, error };
const char* state_name(State state);

// One thing that is wrong. `code` is stable and kebab-case ("no-findings"); check_codes() names
// all.
struct Failure {
  std::string code;
  std::string message;     // one sentence
  std::string detail;      // more lines, or empty
  std::uint32_t line = 0;  // in the detection's file, 0 when it is about no line
};

// A diagnostic of a rule; the detail is the place, with a caret, and the hint.
Failure failure_of(std::string code, const base::Diagnostic& diagnostic);

// What can be wrong, for reports that list it (SARIF).
struct Check {
  const char* code;
  const char* title;
  const char* help;
};
const std::vector<Check>& checks();

struct RiskOfObject {
  std::string field, type, value;
  double score = 0;
};

// A finding as far as two runs are compared by it.
struct Found {
  std::string id;          // finding_id
  std::string first_time;  // "" when the search gave none
  std::string message;
  std::optional<double> score;
  std::vector<RiskOfObject> objects;
};

// A test of a detection, or a case (`detection` is then empty).
struct TestReport {
  std::string detection, id, type, status;
  std::string path;        // the file that says so
  std::uint32_t line = 0;  // of the test in it
  std::string test;        // "True Positive Test", or the case's name
  std::string search;
  std::vector<std::string> data_sources, mitre;
  std::string manual_test;
  std::vector<std::string> datasets;  // by name
  State state = State::untested;
  std::string reason;    // of untested and error
  bool skipped = false;  // untested because contentctl would skip it too
  std::vector<Failure> failures;
  std::vector<std::string> warnings;
  bool contentctl_passes = false;  // what contentctl's own rule says of the same rows
  std::uint64_t findings = 0;
  std::vector<Found> found;  // the first most_found
  double seconds = 0;        // its share of reading its datasets, and its search

  bool is_case() const { return detection.empty(); }
  std::string title() const { return is_case() ? test : detection + " · " + test; }
  double score() const;  // the highest of `found`
};
constexpr std::size_t most_found = 10'000;

struct DatasetReport {
  std::string name;
  std::string path;  // the file; "" when it is not there
  std::uint64_t records = 0, damaged = 0, bytes = 0;
  double seconds = 0;                // to read and match it, once, for everybody
  std::vector<std::string> reasons;  // what could not be read
  bool unreadable = false, unknown_format = false;
  std::vector<std::string> tested;  // detections whose test it is
  // Cross-fire: other detections that found something in it, and how much.
  std::vector<std::pair<std::string, std::uint64_t>> others;
};

// Why nothing golden may be made of what it gave, a sentence; "" when it was read whole.
std::string why_not_golden(const DatasetReport& dataset);

// One detection or case against an earlier run.
struct Change {
  std::string title, path;
  std::string before, after;  // states; "" when it was or is not there
  std::vector<Found> gained, lost;
  std::vector<std::pair<Found, Found>> rescored;  // before, after: another score, object or message
  bool nothing() const {
    return before == after && gained.empty() && lost.empty() && rescored.empty();
  }
};

struct Report {
  std::string version;                  // of Escudo
  std::string mode = "all";             // all, changes, selected
  std::vector<TestReport> tests;        // by file and test
  std::vector<DatasetReport> datasets;  // by name
  std::uint64_t detections = 0;         // how many took part
  double seconds = 0;
  bool interrupted = false;
  bool strict = false;
  std::string base;  // what `changes` compares with; "" when nothing
  std::vector<Change> changes;

  std::uint64_t count(State state) const;
  std::uint64_t tested() const { return count(State::pass) + count(State::fail); }
  std::uint64_t bytes() const;

  // Every exit code that holds with its reason, the one to return first (docs/cli.md).
  // `strict`: what is untested counts as incomplete.
  std::vector<std::pair<int, std::string>> exit_codes() const;
};

}  // namespace escudo::harness
