#pragma once
// Syslog lines, as far as they carry the XML of Sysmon for Linux. Pure, thread-safe.

#include <string_view>

namespace escudo::sources {

// The line begins with the header of RFC 3164 ("Sep 14 12:06:01 host sysmon[1]: "), of RFC 5424
// ("<14>1 2020-09-14T12:06:01Z host sysmon 1 - - "), or with an ISO time and a host as rsyslog and
// journald write it. A priority "<14>" may precede each.
bool is_syslog_line(std::string_view line);

}  // namespace escudo::sources
