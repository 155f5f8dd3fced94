#pragma once
// CTest entries for the tests of a checkout: a script that CTest includes (TEST_INCLUDE_FILES), one
// entry a detection and dataset.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace escudo::harness {

struct EntryOptions {
  std::string harness, program;  // the judge, and the escudo it runs
  std::string data;              // --data; empty: the program's own
  std::uint64_t memory_megabytes = 0;
};

// `listed` is what `escudo test --list` prints. Entries are called attack_data/<file>/<dataset> and
// labelled attack_data, the techniques and the detection's name.
base::Result<std::string> ctest_entries(const std::string& listed, const EntryOptions& options);

}  // namespace escudo::harness
