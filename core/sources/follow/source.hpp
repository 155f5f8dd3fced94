#pragma once
// A growing text file: JSON lines, event XML, syslog, auditd, the classic rendering. Survives
// rotation by rename and by copytruncate, while it runs and while it does not; see docs/tail.md.

#include "sources/live.hpp"

namespace escudo::sources {

// Behind `path` may stand "?start=end" (without a position reading begins at the present end) and
// "gaps=yes" (the log has every record of its channels).
base::Result<std::unique_ptr<LiveSource>> open_follow(const std::string& path, const std::string& position,
                                                      const LiveOptions& options);

// A growing EVTX file (evtx.cpp); what open_follow() makes of a name that ends in ".evtx".
base::Result<std::unique_ptr<LiveSource>> open_growing_evtx(const std::string& path, bool numbered, const std::string& position,
                                                            const LiveOptions& options);

}  // namespace escudo::sources
