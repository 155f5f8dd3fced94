#pragma once
// The provider a channel belongs to, for logs that name only the channel. Pure, thread-safe.

#include <cstdint>
#include <string_view>

namespace escudo::sources {

// "Microsoft-Windows-Sysmon/Operational" -> "Microsoft-Windows-Sysmon"; classic channels by what
// writes them. Empty when a channel has many writers and the event id does not tell. The result is
// a part of `channel` or lives forever.
std::string_view provider_of_channel(std::string_view channel, std::int32_t event_id);

}  // namespace escudo::sources
