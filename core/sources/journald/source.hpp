#pragma once
// The journal of systemd, through a `journalctl` child that prints its export format: entries whose
// MESSAGE is the XML of Sysmon for Linux. The journal's cursor is the position.

#include "sources/live.hpp"

namespace escudo::sources {

// `rest` is "[MATCH[,MATCH…]][?directory=DIR]"; without a MATCH "SYSLOG_IDENTIFIER=sysmon".
base::Result<std::unique_ptr<LiveSource>> open_journald(const std::string& rest, const std::string& position,
                                                        const LiveOptions& options);

}  // namespace escudo::sources
