#pragma once
// run_child: one program run to its end under limits. The only file that knows Boost.Process.
//
// The child leads a process group of its own. Whatever ends the run (its exit, the time limit, too
// much output), the whole group is killed before run_child returns, so nothing it started lives on.
// Blocks. One run at a time in a process: children would inherit each other's pipes. Standard input
// is empty.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace escudo::harness {

struct Command {
  std::string program;             // a path, or a name looked up in PATH
  std::vector<std::string> arguments;
  std::string folder;              // to run in; empty: the current one
};

struct Limits {
  std::chrono::milliseconds time{60'000};
  std::uint64_t output_bytes = 64ull << 20;  // standard output and error, each
  std::uint64_t memory_bytes = 0;  // of address space; 0: none (AddressSanitizer reserves terabytes)
};

struct Outcome {
  enum class End { exited, killed_by_signal, time_limit, output_limit };
  End end = End::exited;
  int code = 0;                    // exit code, or the signal's number
  std::string out;
  std::string err;
};

// Fails only when the program could not be started.
base::Result<Outcome> run_child(const Command& command, const Limits& limits);

// "exited with 2", "was killed by signal 11", "did not end within 60 s"
std::string describe(const Outcome& outcome, const Limits& limits);

}  // namespace escudo::harness
