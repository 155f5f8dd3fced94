#pragma once
// Made events as a log: EVTX, attack-data XML, Sysmon for Linux or auditd text.

#include <string>
#include <vector>

#include "maker.hpp"

namespace escudo::witness {

struct Log {
  std::string name;  // with the extension
  std::string bytes;
};

// One log, or two when auditd records stand beside Windows ones. `xml`: attack-data XML rather than
// EVTX.
std::vector<Log> logs_of(const std::vector<Made>& events, const std::string& stem, bool xml);

}  // namespace escudo::witness
