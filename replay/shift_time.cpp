// Tested by tests/replay/shift_time.cpp: a moved log read again has the moved times.
#include "replay/shift_time.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/text.hpp"

namespace escudo::replay {
namespace {

// A time found in a text: how long it is, and how it is written when moved.
struct Moved {
  std::size_t length = 0;
  std::string text;
};

bool fits(std::string_view text, std::string_view shape) {  // '9' is a digit
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '9' ? !base::is_digit(text[i]) : shape[i] != text[i]) return false;
  }
  return true;
}

std::size_t digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && base::is_digit(text[n])) ++n;
  return n;
}

// The first six digits of a fraction are moved, the rest stays.
base::Duration fraction_of(std::string_view text) {
  std::int64_t micros = 0;
  for (std::size_t i = 0; i < 6; ++i) micros = micros * 10 + (i < text.size() ? text[i] - '0' : 0);
  return base::Duration(micros);
}

std::string fraction_text(base::Time t, std::string_view old) {
  const std::string micros = base::format_utc_micros(t).substr(20, 6);
  return old.size() <= 6 ? micros.substr(0, old.size()) : micros + std::string(old.substr(6));
}

// 2020-09-14T12:06:01[.826][Z|+02:00]: the local time is moved, the zone stays.
Moved iso(std::string_view text, base::Duration by) {
  if (!fits(text, "9999-99-99T99:99:99") && !fits(text, "9999-99-99 99:99:99")) return {};
  const auto read = base::parse_time(text.substr(0, 19));
  if (!read) return {};
  std::size_t end = 19;
  std::string_view fraction;
  if (text.size() > 20 && (text[19] == '.' || text[19] == ',') && base::is_digit(text[20])) {
    fraction = text.substr(20, digits(text.substr(20)));
    if (fraction.size() > 9) return {};
    end = 20 + fraction.size();
  }
  const base::Time moved = *read + fraction_of(fraction) + by;
  std::string out = base::format_utc_micros(moved).substr(0, 19);
  if (out.size() != 19 || out[0] == '-') return {};  // past year 9999
  out[10] = text[10];
  if (!fraction.empty()) out += text[19] + fraction_text(moved, fraction);
  std::string_view zone = text.substr(end);
  if (zone.starts_with('Z'))
    zone = zone.substr(0, 1);
  else if (fits(zone, "+99:99") || fits(zone, "-99:99"))
    zone = zone.substr(0, 6);
  else if (fits(zone, "+9999") || fits(zone, "-9999"))
    zone = zone.substr(0, 5);
  else
    zone = {};
  out += zone;
  return {end + zone.size(), out};
}

// 09/14/2020 12:06:01[.826] PM
Moved american(std::string_view text, base::Duration by) {
  if (!fits(text, "99/99/9999 99:99:99")) return {};
  std::size_t at = 19;
  std::string_view fraction;
  if (text.size() > 20 && text[19] == '.' && base::is_digit(text[20])) {
    fraction = text.substr(20, digits(text.substr(20)));
    if (fraction.size() > 9) return {};
    at = 20 + fraction.size();
  }
  const std::string_view half = text.substr(at, 3);
  if (half != " AM" && half != " PM") return {};
  const auto read =
      base::parse_time(std::string(text.substr(0, 19)) + std::string(half), "%m/%d/%Y %I:%M:%S %p");
  if (!read) return {};
  const base::Time moved = *read + fraction_of(fraction) + by;
  std::string out = base::format_time(moved, "%m/%d/%Y %I:%M:%S");
  if (!fraction.empty()) out += "." + fraction_text(moved, fraction);
  out += base::format_time(moved, " %p");
  return {at + 3, out};
}

// Sep 14 12:06:01, without a year: that of the event.
Moved syslog(std::string_view text, base::Time time, base::Duration by) {
  if (text.size() < 15 || text[3] != ' ' || text[6] != ' ' || !fits(text.substr(7), "99:99:99"))
    return {};
  const auto read = base::parse_time(text.substr(0, 15), "%b %d %H:%M:%S", time);
  if (!read) return {};
  return {15, base::format_time(*read + by, "%b %e %H:%M:%S")};
}

// 1600085161[.826] after "audit(" or "msg=audit("
Moved audit(std::string_view text, base::Duration by) {
  const std::size_t whole = digits(text);
  std::int64_t seconds = 0;
  if (whole == 0 || whole > 11 || whole >= text.size() || text[whole] != '.') return {};
  std::from_chars(text.data(), text.data() + whole, seconds);
  const std::string_view fraction = text.substr(whole + 1, digits(text.substr(whole + 1)));
  if (fraction.empty() || fraction.size() > 9) return {};
  const base::Time moved = base::Time(std::chrono::seconds(seconds)) + fraction_of(fraction) + by;
  if (moved < base::Time{}) return {};
  const auto whole_seconds =
      std::chrono::floor<std::chrono::seconds>(moved).time_since_epoch().count();
  return {whole + 1 + fraction.size(),
          std::to_string(whole_seconds) + "." + fraction_text(moved, fraction)};
}

// A JSON number that is the time of the event, in seconds, milliseconds or microseconds.
Moved epoch(std::string_view text, base::Time time, base::Duration by) {
  const std::size_t whole = digits(text);
  if (whole < 9 || whole > 16) return {};
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + whole, number);
  const std::int64_t micros = time.time_since_epoch().count();
  std::string_view fraction;
  if (whole < text.size() && text[whole] == '.')
    fraction = text.substr(whole + 1, digits(text.substr(whole + 1)));
  for (const std::int64_t unit : {std::int64_t{1'000'000}, std::int64_t{1000}, std::int64_t{1}}) {
    if (number != micros / unit) continue;
    if (unit == 1'000'000 && !fraction.empty() && fraction.size() <= 9) return audit(text, by);
    return {whole, std::to_string((micros + by.count()) / unit)};
  }
  return {};
}

bool ends_value(std::string_view text, std::size_t at) {
  return at >= text.size() ||
         std::string_view("\n\r'\"<>),]}").find(text[at]) != std::string_view::npos;
}

// The quote before `at` opens a value: an XML attribute, a JSON string. Those in a command line
// rarely do.
bool opens_value(std::string_view raw, std::size_t at) {
  std::size_t k = at - 1;  // the quote
  if (k > 0 && raw[k - 1] == ' ') --k;
  return k > 0 &&
         std::string_view(k + 1 == at ? "=:,[" : ":,").find(raw[k - 1]) != std::string_view::npos;
}

// `Key=` from the beginning of a line to `at`.
bool follows_key(std::string_view raw, std::size_t at) {
  const std::size_t line = raw.substr(0, at).find_last_of("\r\n");
  const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
  return raw.substr(begin, at - begin).find_first_of(" <\"'") == std::string_view::npos;
}

}  // namespace

std::string shift_times(std::string_view raw, base::Time time, base::Duration by) {
  // Nobody writes other years; sums beyond them would leave the range of Time.
  constexpr base::Time year_1{std::chrono::sys_days(std::chrono::year(1) / 1 / 1)};
  constexpr base::Time year_9999{std::chrono::sys_days(std::chrono::year(9999) / 12 / 31)};
  time = std::clamp(time, year_1, year_9999);
  by = std::clamp(by, year_1 - year_9999, year_9999 - year_1);
  std::string out;
  out.reserve(raw.size() + 8);
  for (std::size_t i = 0; i < raw.size();) {
    const std::string_view rest = raw.substr(i);
    const char before = i == 0 ? '\n' : raw[i - 1];
    const bool line = before == '\n' || before == '\r';
    Moved moved;
    if (base::is_digit(raw[i])) {
      const bool opened = before == '>' ||
                          ((before == '\'' || before == '"') && opens_value(raw, i)) ||
                          (before == '=' && follows_key(raw, i));
      // "UtcTime: 2020-…" in the message of a classic event, "key": 1600… in JSON.
      const bool labelled = before == ':' || (before == ' ' && i > 1 && raw[i - 2] == ':');
      if (line || opened || labelled) {
        moved = iso(rest, by);
        if (moved.length == 0) moved = american(rest, by);
        if (moved.length == 0 && labelled) moved = epoch(rest, time, by);
        // What begins a line (or follows a syslog priority) is a header; a value must end here.
        const bool header =
            line || (before == '>' &&
                     raw.substr(0, i).find_first_not_of("<0123456789>") == std::string_view::npos);
        if (moved.length > 0 && !header && !ends_value(raw, i + moved.length)) moved = {};
      } else if (before == ' ' && i >= 3 && raw[i - 2] == '1' && raw[i - 3] == '>') {
        moved = iso(rest, by);  // <14>1 2020-09-14T12:06:01Z host …
      } else if (before == '(' && raw.substr(0, i).ends_with("audit(")) {
        moved = audit(rest, by);
      }
    } else if (raw[i] >= 'A' && raw[i] <= 'Z' &&
               (line || (before == '>' && raw.substr(0, i).find_first_not_of("<0123456789>") ==
                                              std::string_view::npos))) {
      moved = syslog(rest, time, by);
    }
    if (moved.length > 0) {
      out += moved.text;
      i += moved.length;
    } else if (base::is_digit(raw[i])) {
      // The rest of this number begins no time.
      const std::size_t n = digits(rest);
      out += rest.substr(0, n);
      i += n;
    } else {
      out += raw[i++];
    }
  }
  return out;
}

}  // namespace escudo::replay
