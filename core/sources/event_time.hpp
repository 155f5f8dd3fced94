#pragma once
// When an event happened: the one function every format asks. docs/formats.md tells it with
// examples. Pure, thread-safe.

#include <optional>
#include <string_view>

#include "base/timestamp.hpp"

namespace escudo::sources {

// What a record says of its time; empty: nothing.
struct TimeTexts {
  std::string_view system_time;  // System/TimeCreated/@SystemTime, in JSON any TimeCreated
  std::string_view utc_time;     // Sysmon's UtcTime
  std::string_view event_time;   // NXLog's EventTime: local time of the host, without a zone
  std::string_view timestamp;    // @timestamp (Splunk: _time)
};

// XML and EVTX: SystemTime and nothing else.
std::optional<base::Time> time_of_xml(const TimeTexts& texts);

// JSON: the first of these that is there and can be read:
//   UtcTime; EventTime moved by its distance to @timestamp, rounded to a quarter hour;
//   TimeCreated; @timestamp; EventTime as it stands.
// A distance no time zone has (more than 15 hours) moves nothing.
std::optional<base::Time> time_of_json(const TimeTexts& texts);

}  // namespace escudo::sources
