#pragma once
// Moves the times in an event's text, so that an old log looks like one of today.
//
// A time is moved where it is a whole value (an XML attribute or element, a JSON string, what
// follows "label: ", the parentheses of auditd) or begins a line; one within a command line or a
// script is evidence and stays. Its way of writing, its zone and the digits of its fraction stay
// too. Known are 2020-09-14T12:06:01.8260000Z and its relatives, 09/14/2020 12:06:01 PM, the "Sep
// 14 12:06:01" of syslog, audit(1600085161.826:…), and JSON numbers that are the event's time in
// seconds, ms or us. Pure function, thread-safe.

#include <string>
#include <string_view>

#include "base/timestamp.hpp"

namespace escudo::replay {

// `time` is the event's own, which gives syslog its year and tells times from other numbers.
std::string shift_times(std::string_view raw, base::Time time, base::Duration by);

}  // namespace escudo::replay
