#pragma once
// Days and dates of the Gregorian calendar, for any year (std::chrono's years end at 32767, a
// FILETIME does not). Pure functions.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/timestamp.hpp"

namespace escudo::base {

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0);
}

struct Civil {
  std::int64_t year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  bool operator==(const Civil&) const = default;
};

// Years are counted from March here, so that the leap day is a year's last. Days before each month:
constexpr std::array<int, 12> days_before_month = {0,   31,  61,  92,  122, 153,
                                                   184, 214, 245, 275, 306, 337};
constexpr std::int64_t days_in_400_years = 146'097;
constexpr std::int64_t days_to_1970 = 719'468;  // from March 1st of year 0

constexpr bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(std::int64_t year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year));
}

constexpr std::int64_t days_from_civil(const Civil& date) {
  const std::int64_t year = date.year - (date.month < 3);
  const auto month = static_cast<std::size_t>((date.month + 9) % 12);
  const std::int64_t leap_days = floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400);
  return year * 365 + leap_days + days_before_month[month] + date.day - 1 - days_to_1970;
}

constexpr Civil civil_from_days(std::int64_t days) {
  days += days_to_1970;
  const std::int64_t cycle = floor_div(days, days_in_400_years);
  days -= cycle * days_in_400_years;
  // The last century of a cycle and the last year of four are a day longer: not a period of their
  // own.
  const std::int64_t century = std::min<std::int64_t>(days / 36'524, 3);
  days -= century * 36'524;
  const std::int64_t four = days / 1'461;
  days -= four * 1'461;
  const std::int64_t one = std::min<std::int64_t>(days / 365, 3);
  days -= one * 365;
  const auto month = static_cast<int>((5 * days + 2) / 153);  // five months have 153 days
  Civil date;
  date.year = cycle * 400 + century * 100 + four * 4 + one + (month >= 10);
  date.month = (month + 2) % 12 + 1;
  date.day = static_cast<int>(days - days_before_month[static_cast<std::size_t>(month)]) + 1;
  return date;
}

constexpr int day_of_year(const Civil& date) {  // 1..366
  return static_cast<int>(days_from_civil(date) - days_from_civil({date.year, 1, 1})) + 1;
}

constexpr int weekday(std::int64_t days) {  // 0 is Sunday
  return static_cast<int>((days % 7 + 7 + 4) % 7);
}

// A Time taken apart; all parts but the day count are never negative.
struct TimeParts {
  std::int64_t seconds = 0;  // since 1970, rounded down
  std::int64_t days = 0;
  Civil date;
  int hour = 0, minute = 0, second = 0, micros = 0;

  explicit TimeParts(Time t) {
    const std::int64_t count = t.time_since_epoch().count();
    seconds = floor_div(count, 1'000'000);
    micros = static_cast<int>((count % 1'000'000 + 1'000'000) % 1'000'000);
    days = floor_div(seconds, 86'400);
    const auto of_day = static_cast<int>(seconds - days * 86'400);
    hour = of_day / 3600;
    minute = of_day / 60 % 60;
    second = of_day % 60;
    date = civil_from_days(days);
  }
};

constexpr std::array<std::string_view, 12> month_names = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> day_names = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

}  // namespace escudo::base
