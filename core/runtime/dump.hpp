#pragma once
// Dump: the events of files, one after another, in another form. Files, and parts of large EVTX files,
// are read and written in parallel; the output is in their order at any number of threads.

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/input.hpp"
#include "sinks/event_writer.hpp"
#include "sinks/sink.hpp"

namespace escudo::runtime {

struct DumpOptions {
  std::vector<std::string> paths;
  sources::OpenOptions open;
  EventFilter filter;
  unsigned threads = 1;
  const sinks::EventFormat* format = nullptr;
  const std::atomic<bool>* stop = nullptr;              // set: what was read so far is written
  std::function<void(const std::string&)> warn;         // one sentence, from the calling thread
};

struct DumpResult {
  sinks::RunSummary summary;
  std::uint64_t events = 0;
};

DumpResult dump(const DumpOptions& options, sinks::Output& out);
// The events themselves, whole, one after another in this thread.
DumpResult each_event(const DumpOptions& options, const std::function<void(const event::Event&)>& take);

}  // namespace escudo::runtime
