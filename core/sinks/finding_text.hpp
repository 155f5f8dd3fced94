#pragma once
// A finding for the eyes of an analyst: when, how bad, what, then where, who, the message, the
// records to look up and the rest of the row. Private to sinks; a pure function.

#include <string>

#include "sinks/sink.hpp"

namespace escudo::sinks {

// Several lines, the last one ending in '\n'. Everything that came from a log is harmless().
std::string finding_text(const findings::Finding& finding, const TableStyle& style);

}  // namespace escudo::sinks
