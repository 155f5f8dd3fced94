#pragma once
// A finding as a message of RFC 5424. Private to sinks; pure.

#include <string>

#include "findings/finding.hpp"
#include "sinks/live.hpp"

namespace escudo::sinks {

struct SyslogHeader {
  int facility = 16;  // local0
  std::string host = "-", app = "escudo", process = "-";
};

// The header, [escudo@32473 finding_id="…" revision="…" score="…"], and the finding as JSON. When the
// message would be longer than `limit` bytes, the JSON has no fields and no evidence.
std::string syslog_message(const SyslogHeader& header, const findings::Finding& finding, std::size_t limit);
std::string syslog_message(const SyslogHeader& header, const Notice& notice);

}  // namespace escudo::sinks
