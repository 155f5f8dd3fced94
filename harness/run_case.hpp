#pragma once
// A case from its folder to its verdict: `escudo scan` run over its logs and judged; of a case with
// datasets, `escudo test` run over them, which judges it itself.

#include <chrono>
#include <string>

#include "harness/child.hpp"
#include "harness/judge.hpp"

namespace escudo::harness {

struct RunOptions {
  std::string program;      // escudo
  std::string logs_folder;  // empty: ../../logs of the case folder
  std::string data;         // where datasets lie (--data of escudo test); empty: the program's own
  Limits limits;
  bool rewrite = false;     // write what was found to expected.jsonl instead of comparing
};

struct CaseResult {
  std::string name;
  std::string description;
  Verdict verdict;
  std::string skipped;  // why it was not judged: data that is not there
  std::string command;  // as one could type it
  std::string err;      // what the scan said
  std::chrono::milliseconds time{0};

  bool passed() const { return verdict.failures.empty(); }
  bool was_skipped() const { return passed() && !skipped.empty(); }
};

CaseResult run_case(const std::string& folder, const RunOptions& options);

// The command as one could type it into a shell.
std::string shown(const Command& command);

// What a person reads: a line for a pass, the whole story for a failure. Ends in '\n'.
std::string report(const CaseResult& result);

}  // namespace escudo::harness
