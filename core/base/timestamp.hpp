#pragma once
// Time: microseconds since 1970-01-01T00:00:00Z, always UTC. Pure functions, no locale, no zone
// data.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace escudo::base {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// Reads ISO 8601 and its relatives: "2020-09-14T12:06:01.8260000Z", "2020-09-14 12:06:01",
// "2020-09-14T14:06:01+02:00", "2020-09-14", "2020/09/14 12:06". Without a zone it is UTC.
// The fraction is cut, not rounded, at microseconds. White space around it is skipped.
std::optional<Time> parse_time(std::string_view text);

double to_epoch_seconds(Time t);
Time from_epoch_seconds(double seconds);      // saturates at the representable range
Time from_filetime(std::uint64_t ticks);      // 100 ns since 1601-01-01
std::uint64_t to_filetime(Time t);

std::string format_utc(Time t);         // "2020-09-14T12:06:01Z", whole seconds, cut downwards
std::string format_utc_micros(Time t);  // "2020-09-14T12:06:01.826000Z"
// strftime with Splunk's extras (%3N %6N %9N %Q subseconds, %s epoch, %T %F %z %Z %+ …), in UTC.
// An unknown conversion is copied as it stands.
std::string format_time(Time t, std::string_view format);
// strptime twin of format_time: nothing when the text does not fit the format. As with strptime,
// text after the end of the format does not matter, and white space in the format is any or none. A
// format without a date reads a time of `base`'s day, one without a year a day of `base`'s year; a
// year without month and day is nothing. Weekdays and week numbers are read and not used.
std::optional<Time> parse_time(std::string_view text, std::string_view format, Time base = {});

}  // namespace escudo::base
