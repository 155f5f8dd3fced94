#pragma once
// Scan: files through the engine, findings into a sink. What `escudo scan`, `escudo test` and the
// harness share.
//
// Threads: files, and parts of large EVTX files, are read and matched in parallel, their matches taken
// up in the order of the files, so the output is the same at any number of threads (lanes.hpp).

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.hpp"
#include "runtime/input.hpp"
#include "runtime/knowledge.hpp"
#include "sinks/sink.hpp"
#include "sources/source.hpp"

namespace escudo::runtime {

struct ScanOptions {
  std::vector<std::string> paths;       // files, folders, archives, "-"
  sources::OpenOptions open;
  EventFilter filter;
  unsigned threads = 1;
  std::optional<base::Time> now;
  // What the reader of one file is told beyond `open`: its source, sourcetype, host. Called from
  // several threads at once.
  std::function<void(const std::string& path, sources::OpenOptions& open)> prepare;
};

struct Progress {
  std::uint64_t bytes_done = 0, bytes_total = 0, files_done = 0, files_total = 0, records = 0;
};

struct ScanHooks {
  std::function<void(const Progress&)> progress;        // about ten times a second, from the calling thread
  std::function<void(const std::string&)> warn;         // one sentence, from the calling thread
  const std::atomic<bool>* stop = nullptr;              // set: what was found so far is written
};

struct ScanResult {
  std::vector<findings::Finding> findings;
  sinks::RunSummary summary;            // exit_codes not yet filled
};

ScanResult scan(const Knowledge& knowledge, const ScanOptions& options, const ScanHooks& hooks);

}  // namespace escudo::runtime
