#pragma once
// Events for the benchmark of rules, made in memory as a reader would hand them over: one in twenty
// is a process creation (Sysmon 1, Security 4688), the rest Sysmon 3, 7, 10, 11, 13, the Security log
// and PowerShell 4104. Values are those of the writer's benchmark logs. The same seed gives the same
// events everywhere.

#include <cstdint>
#include <vector>

#include "event/event.hpp"

namespace escudo::bench {

struct EventMix {
  std::vector<event::Batch> batches;
  std::uint64_t events = 0, process_creations = 0, text_bytes = 0;
};

// About 1.3 KB an event.
EventMix make_events(std::uint64_t count, std::uint64_t seed);

}  // namespace escudo::bench
