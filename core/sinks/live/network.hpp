#pragma once
// The live sinks whose destination is another machine. docs/sinks.md tells what --sink says for each.
// Private to sinks: make_live_sink() is the door.

#include <memory>
#include <string>

#include "sinks/live.hpp"

namespace escudo::sinks {

// Null for a spec of another kind. Fails with a sentence.
base::Result<std::unique_ptr<LiveSink>> make_network_sink(const std::string& spec, const LiveSinkOptions& options);

}  // namespace escudo::sinks
