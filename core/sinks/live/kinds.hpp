#pragma once
// The sinks over a network; one file each makes its own from a base::Spec. Private to sinks.

#include <memory>

#include "sinks/live.hpp"
#include "base/spec.hpp"

namespace escudo::sinks {

using MadeSink = base::Result<std::unique_ptr<LiveSink>>;

MadeSink make_hec(base::Spec& spec, const LiveSinkOptions& options);
MadeSink make_syslog(base::Spec& spec, const LiveSinkOptions& options);
MadeSink make_kafka(base::Spec& spec, const LiveSinkOptions& options);

// How a sink is called in reports and files: kind and target, never an option (it may name a secret).
std::string sink_name(const base::Spec& spec);

}  // namespace escudo::sinks
