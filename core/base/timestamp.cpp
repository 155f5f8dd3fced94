// parse_time(text) runs once an event and more: it reads by position and allocates nothing.

#include "base/timestamp.hpp"

#include <cmath>
#include <limits>

#include "base/civil.hpp"
#include "base/text.hpp"

namespace escudo::base {
namespace {

constexpr std::int64_t filetime_to_1970 = 11'644'473'600'000'000;  // microseconds from 1601

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }

  bool take(char a, char b) {
    if (rest_.empty() || (rest_.front() != a && rest_.front() != b)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `digits` digits, as a number within [low, high].
  bool number(std::size_t digits, int low, int high, int& out) {
    if (rest_.size() < digits) return false;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest_[i])) return false;
      value = value * 10 + (rest_[i] - '0');
    }
    if (value < low || value > high) return false;
    rest_.remove_prefix(digits);
    out = value;
    return true;
  }

  // One digit or more, of which the first six count.
  bool fraction(int& micros) {
    int scale = 100'000;
    std::size_t digits = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits, scale /= 10) {
      micros += (rest_[digits] - '0') * scale;
    }
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  // Z, UTC, GMT, +hh, +hhmm, +hh:mm, or nothing at all.
  bool zone(int& offset_seconds) {
    skip_spaces();
    if (done()) return true;
    if (take('Z', 'z')) return true;
    if (iequals(rest_, "UTC") || iequals(rest_, "GMT")) return rest_ = {}, true;
    const int sign = rest_.front() == '-' ? -1 : 1;
    int hours = 0, minutes = 0;
    if (!take('+', '-') || !number(2, 0, 23, hours)) return false;
    const bool colon = take(':', ':');
    if ((colon || !done()) && !number(2, 0, 59, minutes)) return false;
    offset_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
  }

 private:
  std::string_view rest_;
};

void append_padded(std::string& out, std::int64_t value, int digits) {
  char text[24];
  int at = sizeof text;
  const bool negative = value < 0;
  std::uint64_t left = negative ? 0 - static_cast<std::uint64_t>(value)
                                : static_cast<std::uint64_t>(value);
  for (; left != 0 || digits > 0; --digits, left /= 10) {
    text[--at] = static_cast<char>('0' + left % 10);
  }
  if (negative) text[--at] = '-';
  out.append(text + at, sizeof text - static_cast<std::size_t>(at));
}

std::string format(const TimeParts& t, bool with_micros) {
  std::string out;
  out.reserve(32);
  append_padded(out, t.date.year, 4);
  out += '-';
  append_padded(out, t.date.month, 2);
  out += '-';
  append_padded(out, t.date.day, 2);
  out += 'T';
  append_padded(out, t.hour, 2);
  out += ':';
  append_padded(out, t.minute, 2);
  out += ':';
  append_padded(out, t.second, 2);
  if (with_micros) {
    out += '.';
    append_padded(out, t.micros, 6);
  }
  out += 'Z';
  return out;
}

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
  Reader in(trim(text));
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0, offset = 0;
  if (!in.number(4, 0, 9999, year) || !in.take('-', '/') || !in.number(2, 1, 12, month) ||
      !in.take('-', '/') || !in.number(2, 1, days_in_month(year, month), day)) {
    return {};
  }
  if (!in.done()) {
    if (!in.take('T', 't')) {
      if (!in.take(' ', '\t')) return {};
      in.skip_spaces();
    }
    if (!in.number(2, 0, 23, hour) || !in.take(':', ':') || !in.number(2, 0, 59, minute)) return {};
    if (in.take(':', ':')) {
      if (!in.number(2, 0, 60, second)) return {};  // 60 in a leap second: the next minute's first
      if (in.take('.', ',') && !in.fraction(micros)) return {};
    }
    if (!in.zone(offset) || !in.done()) return {};
  }
  const std::int64_t seconds = days_from_civil({year, month, day}) * 86'400 + hour * 3600 +
                               minute * 60 + second - offset;
  return Time(Duration(seconds * 1'000'000 + micros));
}

double to_epoch_seconds(Time t) { return static_cast<double>(t.time_since_epoch().count()) / 1e6; }

Time from_epoch_seconds(double seconds) {
  constexpr double most = 9.2e12;  // below 2^63 microseconds
  if (std::isnan(seconds)) return Time{};
  if (seconds >= most) return Time::max();
  if (seconds <= -most) return Time::min();
  // Whole and fraction apart: the product of a large number of seconds would lose microseconds.
  const double whole = std::floor(seconds);
  const auto micros = static_cast<std::int64_t>(std::llround((seconds - whole) * 1e6));
  return Time(Duration(static_cast<std::int64_t>(whole) * 1'000'000 + micros));
}

Time from_filetime(std::uint64_t ticks) {
  return Time(Duration(static_cast<std::int64_t>(ticks / 10) - filetime_to_1970));
}

std::uint64_t to_filetime(Time t) {
  const std::int64_t count = t.time_since_epoch().count();
  if (count <= -filetime_to_1970) return 0;
  const std::uint64_t micros =
      static_cast<std::uint64_t>(count) + static_cast<std::uint64_t>(filetime_to_1970);
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return micros > most / 10 ? most : micros * 10;
}

std::string format_utc(Time t) { return format(TimeParts(t), false); }
std::string format_utc_micros(Time t) { return format(TimeParts(t), true); }

}  // namespace escudo::base
