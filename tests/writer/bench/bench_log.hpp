#pragma once
// Large EVTX logs for benchmarks: many event kinds as a collector sees them ("ordinary"), or
// nothing but Sysmon process creations ("worst"). Values are of real length and variety, templates
// are pointed back at as in real logs, and the same options give the same bytes everywhere.

#include <cstdint>
#include <string>

namespace escudo::writer {

struct BenchOptions {
  std::string kind = "ordinary";
  std::uint64_t bytes = 1ull << 30;  // at least so many
  std::uint64_t seed = 1;
  std::uint64_t matches_every = 20000;  // one record in so many matches the first detection
};

struct BenchSummary {
  std::uint64_t records = 0, chunks = 0, templates = 0, process_creations = 0, matches = 0;
};

// Throws std::invalid_argument for another kind, std::runtime_error when the file cannot be
// written.
BenchSummary write_bench_log(const std::string& path, const BenchOptions& options);

}  // namespace escudo::writer
