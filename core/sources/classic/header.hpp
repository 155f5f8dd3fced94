#pragma once
// How an event of the classic rendering begins:
//
//   03/23/2021 05:16:59 PM
//   LogName=Security
// A log whose first event has no time has none at all. Pure, thread-safe.

#include <optional>
#include <string_view>

#include "base/timestamp.hpp"

namespace escudo::sources {

// Month first, as the forwarder writes it, or a year first; taken as UTC, for no zone is written.
std::optional<base::Time> classic_time(std::string_view line);

inline bool is_log_name(std::string_view line) { return line.starts_with("LogName="); }

// Whether a text begins like one: for sniffing.
bool begins_classic(std::string_view text);

}  // namespace escudo::sources
