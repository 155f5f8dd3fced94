#include "sources/provider.hpp"

#include "base/text.hpp"

namespace escudo::sources {

std::string_view provider_of_channel(std::string_view channel, std::int32_t event_id) {
  const std::size_t slash = channel.rfind('/');
  if (slash != std::string_view::npos) return channel.substr(0, slash);
  if (base::iequals(channel, "Security")) {
    // The event log service writes its own starts, stops and clearings into Security: 1100 to 1108.
    return event_id >= 1100 && event_id <= 1108 ? "Microsoft-Windows-Eventlog"
                                                : "Microsoft-Windows-Security-Auditing";
  }
  if (base::iequals(channel, "Windows PowerShell")) return "PowerShell";
  if (base::iequals(channel, "System")) {
    if (event_id == 104) return "Microsoft-Windows-Eventlog";
    if (event_id >= 7000 && event_id <= 7045) return "Service Control Manager";
  }
  return {};
}

}  // namespace escudo::sources
