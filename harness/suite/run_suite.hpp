#pragma once
// run_suite: every test of a suite through the engine that `escudo scan` uses. Each dataset is read
// once; all tests of it, and all other detections of the book (cross-fire), see the same events.
//
// Threads: datasets are read in parallel; the report is the same at any number of threads, times
// aside.

#include <atomic>
#include <functional>
#include <optional>

#include "base/timestamp.hpp"
#include "findings/finding.hpp"
#include "harness/suite/suite.hpp"
#include "sources/source.hpp"

namespace escudo::harness {

struct SuiteRunOptions {
  unsigned threads = 1;
  bool cross_fire = true;         // also the detections that do not name a dataset
  std::optional<base::Time> now;  // what now() means; else the time of the last event
  sources::OpenOptions open;
  std::size_t explained = 20;  // misses explained at most: their datasets are read again
  bool rewrite = false;        // write the cases' golden findings instead of comparing
};

struct SuiteHooks {
  std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total,
                     std::uint64_t datasets_done,
                     std::uint64_t datasets_total)>
      progress;                                  // from the calling thread
  std::function<void(const std::string&)> warn;  // from the calling thread
  const std::atomic<bool>* stop = nullptr;
};

// Fills tests, datasets, seconds and interrupted.
Report run_suite(const Suite& suite, const SuiteRunOptions& options, const SuiteHooks& hooks);

}  // namespace escudo::harness
