#include "binxml/filetime.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace escudo::writer {
namespace {

constexpr std::uint64_t ticks_per_second = 10'000'000;
constexpr std::int64_t days_1601_to_1970 = 134774;

}  // namespace

std::uint64_t filetime_from_text(std::string_view iso) {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, used = 0;
  const std::string text(iso);
  const auto bad = [&] { return std::invalid_argument("not a time: " + text); };
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s,
                  &used) != 6) {
    throw bad();
  }
  std::uint64_t ticks = 0, unit = ticks_per_second / 10;
  std::size_t at = static_cast<std::size_t>(used);
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      ticks += unit * static_cast<std::uint64_t>(text[at] - '0');
    }
  }
  if (at < text.size() && text[at] == 'Z') ++at;
  using namespace std::chrono;
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)),
                            day(static_cast<unsigned>(d))};
  if (at != text.size() || !date.ok() || h > 23 || mi > 59 || s > 59) throw bad();
  const std::int64_t days = sys_days(date).time_since_epoch().count() + days_1601_to_1970;
  const std::int64_t seconds = ((days * 24 + h) * 60 + mi) * 60 + s;
  return static_cast<std::uint64_t>(seconds) * ticks_per_second + ticks;
}

CalendarTime calendar(std::uint64_t filetime) {
  using namespace std::chrono;
  const std::uint64_t seconds = filetime / ticks_per_second;
  const sys_days date{days(static_cast<std::int64_t>(seconds / 86400) - days_1601_to_1970)};
  const year_month_day ymd(date);
  const int of_day = static_cast<int>(seconds % 86400);
  return {static_cast<int>(ymd.year()),
          static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day())),
          static_cast<int>(weekday(date).c_encoding()),
          of_day / 3600,
          of_day / 60 % 60,
          of_day % 60,
          static_cast<std::uint32_t>(filetime % ticks_per_second)};
}

std::string iso_text(std::uint64_t filetime, int digits) {
  const CalendarTime t = calendar(filetime);
  std::array<char, 64> out;
  std::snprintf(out.data(), out.size(), "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day,
                t.hour, t.minute, t.second);
  std::string text = out.data();
  if (digits > 0) {
    std::snprintf(out.data(), out.size(), "%07u00", t.ticks);
    text += "." + std::string(out.data()).substr(0, static_cast<std::size_t>(digits));
  }
  return text + "Z";
}

}  // namespace escudo::writer
