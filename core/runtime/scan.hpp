#pragma once
// Scan: files through the engine, findings into a sink. What `escudo scan`, `escudo test` and the
// harness share.
//
// Threads: files are read and matched in parallel, their matches taken up in the order of the files,
// so the output is the same at any number of threads. At most `threads` files are open; a file that is
// ahead of its turn waits once it holds kAheadRows matches.

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.hpp"
#include "runtime/knowledge.hpp"
#include "sinks/sink.hpp"
#include "sources/source.hpp"

namespace escudo::runtime {

struct EventFilter {                    // --from, --to, --channel, --event-id
  std::optional<base::Time> from, to;   // [from, to)
  std::vector<std::string> channels;    // without case, '*' allowed
  std::vector<std::int32_t> event_ids;
  bool passes(const event::Event& event) const;
  bool empty() const { return !from && !to && channels.empty() && event_ids.empty(); }
};

struct ScanOptions {
  std::vector<std::string> paths;       // files, folders, archives, "-"
  sources::OpenOptions open;
  EventFilter filter;
  unsigned threads = 1;
  std::optional<base::Time> now;
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

// The files behind the paths, folders walked in sorted order. `named` is true for what the user named
// itself: only there an unknown format is a complaint.
struct InputFile {
  std::string path;
  bool named = true;
  std::uint64_t bytes = 0;
};
std::vector<InputFile> input_files(const std::vector<std::string>& paths, std::vector<std::string>& problems);

}  // namespace escudo::runtime
