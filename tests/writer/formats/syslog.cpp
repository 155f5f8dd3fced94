// Sysmon for Linux as it stands in /var/log/syslog: a line an event, the XML with double quotes.

#include <array>
#include <cstdio>

#include "formats/formats.hpp"

namespace escudo::writer {

std::string sysmon_syslog(const Events& events) {
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::string out;
  for (const Event& e : events) {
    const CalendarTime t = calendar(e.time);
    std::array<char, 32> stamp;
    std::snprintf(stamp.data(), stamp.size(), "%s %2d %02d:%02d:%02d ",
                  months[static_cast<std::size_t>(t.month - 1)], t.day, t.hour, t.minute, t.second);
    out += stamp.data() + e.computer + " sysmon: " + event_xml(e, '"') + "\n";
  }
  return out;
}

}  // namespace escudo::writer
