#pragma once
// Time as Windows counts it: 100 ns steps since 1601-01-01, UTC. Pure functions.

#include <cstdint>
#include <string>
#include <string_view>

namespace escudo::writer {

// "2024-03-05T10:15:30.1234567Z", up to seven digits of a second, the Z optional. Throws
// std::invalid_argument for anything else.
std::uint64_t filetime_from_text(std::string_view iso8601);

struct CalendarTime {
  int year, month, day, weekday, hour, minute, second;
  std::uint32_t ticks;  // 100 ns of the second
};
CalendarTime calendar(std::uint64_t filetime);

// With `digits` (0..9) of the second.
std::string iso_text(std::uint64_t filetime, int digits);

}  // namespace escudo::writer
