#pragma once
// The live sinks of this machine: a JSON-lines file that holds each finding and revision exactly once,
// and standard output. See sinks/live.hpp.

#include "sinks/live.hpp"

namespace escudo::sinks {

// "FILE[?rotate=BYTES&keep=N]": past BYTES the file becomes FILE.1, FILE.1 becomes FILE.2, N are kept.
base::Result<std::unique_ptr<LiveSink>> open_live_jsonl(const std::string& rest);
std::unique_ptr<LiveSink> live_stdout();

}  // namespace escudo::sinks
