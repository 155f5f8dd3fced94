// Tested by tests/unit/sources/event_time.cpp.

#include "sources/event_time.hpp"

#include "base/text.hpp"

namespace escudo::sources {
namespace {

using base::Duration;
using base::Time;
using namespace std::chrono_literals;

// parse_time, and what JSON exports write besides: seconds or milliseconds since 1970, a trailing
// "UTC".
std::optional<Time> read_time(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (auto time = base::parse_time(text)) return time;
  for (std::string_view zone : {" UTC", " GMT"}) {
    if (text.ends_with(zone)) return base::parse_time(text.substr(0, text.size() - zone.size()));
  }
  std::uint64_t whole = 0;
  std::size_t i = 0;
  for (; i < text.size() && base::is_digit(text[i]) && i < 13; ++i) {
    whole = whole * 10 + static_cast<std::uint64_t>(text[i] - '0');
  }
  if (i == text.size() && i == 13) return Time(std::chrono::milliseconds(whole));
  if (i < 9 || i > 10) return std::nullopt;  // 1973 to 2286: other numbers are not seconds
  std::int64_t micros = 0;
  if (i < text.size()) {
    if (text[i++] != '.') return std::nullopt;
    std::int64_t unit = 100'000;
    for (; i < text.size(); ++i, unit /= 10) {
      if (!base::is_digit(text[i])) return std::nullopt;
      micros += unit * (text[i] - '0');
    }
  }
  return Time(std::chrono::seconds(whole) + Duration(micros));
}

Duration rounded_to_quarter_hour(Duration d) {
  constexpr Duration quarter = 15min;
  const Duration half = d < Duration::zero() ? -quarter / 2 : quarter / 2;
  return (d + half) / quarter * quarter;
}

}  // namespace

std::optional<Time> time_of_xml(const TimeTexts& texts) { return read_time(texts.system_time); }

std::optional<Time> time_of_json(const TimeTexts& texts) {
  if (auto time = read_time(texts.utc_time)) return time;
  const auto local = read_time(texts.event_time);
  const auto received = read_time(texts.timestamp);
  if (local && received) {
    const Duration zone = rounded_to_quarter_hour(*received - *local);
    if (zone >= -15h && zone <= 15h) return *local + zone;
    return local;
  }
  if (auto time = read_time(texts.system_time)) return time;
  return received ? received : local;
}

}  // namespace escudo::sources
