#pragma once
// Windows event XML as text: attack_data's concatenated events, wevtutil and Event Viewer exports,
// and the same inside syslog lines. See docs/formats.md.

#include <memory>

#include "sources/reader.hpp"

namespace escudo::sources {

// `syslog`: an input of which only some lines may carry events; without any it is not a log.
std::unique_ptr<Source> open_winxml(Job job, bool syslog);

}  // namespace escudo::sources
