// parse_time(text, format): the conversions of format_time.cpp, backwards.

#include <charconv>

#include "base/civil.hpp"
#include "base/text.hpp"
#include "base/timestamp.hpp"

namespace escudo::base {
namespace {

struct Zone {
  std::string_view name;
  int hours;
};
// Names without a date that decides what they mean.
constexpr Zone zones[] = {{"UTC", 0},  {"GMT", 0},  {"Z", 0},    {"UT", 0},   {"EST", -5},
                          {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
                          {"PST", -8}, {"PDT", -7}, {"CET", 1},  {"CEST", 2}};

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  bool read(std::string_view format) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (is_space(format[i])) {
        skip_spaces();
        continue;
      }
      if (format[i] != '%' || i + 1 == format.size()) {
        if (!literal(format[i])) return false;
        continue;
      }
      const char conversion = format[++i];
      const char after = i + 1 < format.size() ? format[i + 1] : '\0';
      if (conversion >= '1' && conversion <= '9' && (after == 'N' || after == 'Q')) {
        if (!fraction(static_cast<std::size_t>(conversion - '0'))) return false;
        ++i;
      } else if (conversion == ':' && after == 'z') {
        if (!zone_offset()) return false;
        ++i;
      } else if (!convert(conversion)) {
        return false;
      }
    }
    return true;
  }

  std::optional<Time> result(Time base) const {
    if (epoch_) return at(*epoch_);
    const Civil today = TimeParts(base).date;
    Civil date = today;
    if (day_of_year_) {
      date.year = year_.value_or(today.year);
      if (*day_of_year_ > 365 + is_leap(date.year)) return {};
      date = civil_from_days(days_from_civil({date.year, 1, 1}) + *day_of_year_ - 1);
    } else if (year_ || month_ || day_) {
      if (!month_ || !day_) return {};
      date = {year_.value_or(today.year), *month_, *day_};
      if (date.day > days_in_month(date.year, date.month)) return {};
    }
    int hour = hour_;
    if (twelve_hours_) hour = hour % 12 + (afternoon_ ? 12 : 0);
    return at(days_from_civil(date) * 86'400 + hour * 3600 + minute_ * 60 + second_ - offset_);
  }

 private:
  std::optional<Time> at(std::int64_t seconds) const {
    return Time(Duration(seconds * 1'000'000 + micros_));
  }

  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  bool literal(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // One to `width` digits within [low, high], spaces before them allowed.
  bool number(std::size_t width, int low, int high, int& out) {
    skip_spaces();
    std::size_t n = 0;
    int value = 0;
    for (; n < width && n < rest_.size() && is_digit(rest_[n]); ++n) {
      value = value * 10 + (rest_[n] - '0');
    }
    if (n == 0 || value < low || value > high) return false;
    rest_.remove_prefix(n);
    out = value;
    return true;
  }

  bool number(std::size_t width, int low, int high, std::optional<int>& out) {
    int value = 0;
    if (!number(width, low, high, value)) return false;
    out = value;
    return true;
  }

  bool ignored(std::size_t width, int low, int high) {
    int value = 0;
    return number(width, low, high, value);
  }

  // A full name or its first three letters; its index from 0.
  template <std::size_t n>
  bool name(const std::array<std::string_view, n>& names, int& index) {
    for (std::size_t i = 0; i < n; ++i) {
      const bool full = istarts_with(rest_, names[i]);
      if (!full && !istarts_with(rest_, names[i].substr(0, 3))) continue;
      rest_.remove_prefix(full ? names[i].size() : 3);
      index = static_cast<int>(i);
      return true;
    }
    return false;
  }

  bool fraction(std::size_t width) {
    std::size_t n = 0;
    int value = 0;
    for (int scale = 100'000; n < width && n < rest_.size() && is_digit(rest_[n]); ++n) {
      value += (rest_[n] - '0') * scale;
      scale /= 10;
    }
    rest_.remove_prefix(n);
    micros_ = value;
    return n > 0;
  }

  bool epoch() {
    skip_spaces();
    constexpr std::int64_t most = 9'000'000'000'000;  // below 2^63 microseconds
    std::int64_t seconds = 0;
    const char* end = rest_.data() + rest_.size();
    const auto [stop, error] = std::from_chars(rest_.data(), end, seconds);
    if (error != std::errc{} || seconds > most || seconds < -most) return false;
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
    epoch_ = seconds;
    return true;
  }

  // +hh, +hhmm, +hh:mm or Z.
  bool zone_offset() {
    skip_spaces();
    if (rest_.empty()) return false;
    const char sign = rest_.front();
    if (sign != '+' && sign != '-') return literal('Z');
    rest_.remove_prefix(1);
    int hours = 0, minutes = 0;
    if (rest_.size() < 2 || !is_digit(rest_[1]) || !number(2, 0, 23, hours)) return false;
    const bool colon = literal(':');
    if (colon || (rest_.size() > 1 && is_digit(rest_[0]) && is_digit(rest_[1]))) {
      if (!number(2, 0, 59, minutes)) return false;
    }
    offset_ = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    return true;
  }

  bool zone_name() {
    skip_spaces();
    std::size_t n = 0;
    const auto letter = [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; };
    while (n < rest_.size() && letter(rest_[n])) ++n;
    for (const Zone& zone : zones) {
      if (!iequals(rest_.substr(0, n), zone.name)) continue;
      rest_.remove_prefix(n);
      offset_ = zone.hours * 3600;
      return true;
    }
    return false;
  }

  bool half_of_day() {
    skip_spaces();
    if (!istarts_with(rest_, "AM") && !istarts_with(rest_, "PM")) return false;
    afternoon_ = ascii_lower(rest_.front()) == 'p';
    rest_.remove_prefix(2);
    return true;
  }

  bool month_name() {
    int index = 0;
    if (!name(month_names, index)) return false;
    month_ = index + 1;
    return true;
  }

  bool weekday_name() {
    int index = 0;
    return name(day_names, index);
  }

  bool short_year() {
    int value = 0;
    if (!number(2, 0, 99, value)) return false;
    year_ = value + (value < 69 ? 2000 : 1900);
    return true;
  }

  bool convert(char conversion) {
    switch (conversion) {
      case 'Y': return number(4, 0, 9999, year_);
      case 'y': return short_year();
      case 'm': return number(2, 1, 12, month_);
      case 'b':
      case 'B':
      case 'h': return month_name();
      case 'd':
      case 'e': return number(2, 1, 31, day_);
      case 'j': return number(3, 1, 366, day_of_year_);
      case 'a':
      case 'A': return weekday_name();
      case 'w': return ignored(1, 0, 6);
      case 'u': return ignored(1, 1, 7);
      case 'U':
      case 'W':
      case 'V': return ignored(2, 0, 53);
      case 'G': return ignored(4, 0, 9999);
      case 'g': return ignored(2, 0, 99);
      case 'H':
      case 'k': twelve_hours_ = false; return number(2, 0, 23, hour_);
      case 'I':
      case 'l': twelve_hours_ = true; return number(2, 1, 12, hour_);
      case 'M': return number(2, 0, 59, minute_);
      case 'S': return number(2, 0, 60, second_);
      case 'p': return half_of_day();
      case 'f': return fraction(6);
      case 'N':
      case 'Q': return fraction(9);
      case 's': return epoch();
      case 'Z': return zone_name();
      case 'z': return zone_offset();
      case 'n':
      case 't': return skip_spaces(), true;
      case '%': return literal('%');
      case 'c': return read("%a %b %e %H:%M:%S %Y");
      case '+': return read("%a %b %e %H:%M:%S %Z %Y");
      case 'x':
      case 'D': return read("%m/%d/%y");
      case 'X':
      case 'T': return read("%H:%M:%S");
      case 'F': return read("%Y-%m-%d");
      case 'R': return read("%H:%M");
      case 'r': return read("%I:%M:%S %p");
      default: return literal('%') && literal(conversion);
    }
  }

  std::string_view rest_;
  std::optional<int> year_, month_, day_, day_of_year_;
  std::optional<std::int64_t> epoch_;
  int hour_ = 0, minute_ = 0, second_ = 0, micros_ = 0, offset_ = 0;
  bool twelve_hours_ = false, afternoon_ = false;
};

}  // namespace

std::optional<Time> parse_time(std::string_view text, std::string_view format, Time base) {
  Parser parser(text);
  if (!parser.read(format)) return {};
  return parser.result(base);
}

}  // namespace escudo::base
