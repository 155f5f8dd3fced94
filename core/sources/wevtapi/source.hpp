#pragma once
// Windows event channels through wevtapi: subscriptions in the pull model. docs/windows.md tells what
// happens to missing channels, cleared and overwritten logs. One file a platform.

#include "sources/live.hpp"

namespace escudo::sources {

// `rest` is CHANNEL[,CHANNEL…][?query=XPATH][&start=begin|end][&retry=SECONDS].
base::Result<std::unique_ptr<LiveSource>> open_winlog(const std::string& rest, const std::string& position,
                                                      const LiveOptions& options);

}  // namespace escudo::sources
