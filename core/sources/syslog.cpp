// Tested by tests/unit/sources/syslog.cpp.

#include "sources/syslog.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/timestamp.hpp"

namespace escudo::sources {
namespace {

// Cuts the first word and the blanks behind it off `rest`.
std::string_view word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view first = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.find_first_not_of(' ', end), rest.size()));
  return first;
}

void skip_priority(std::string_view& line) {
  if (line.empty() || line.front() != '<') return;
  std::size_t at = 1;
  while (at < line.size() && at < 4 && base::is_digit(line[at])) ++at;
  if (at > 1 && at < line.size() && line[at] == '>') line.remove_prefix(at + 1);
}

bool is_clock(std::string_view text) {
  return text.size() >= 8 && base::is_digit(text[0]) && base::is_digit(text[1]) && text[2] == ':' &&
         base::is_digit(text[3]) && base::is_digit(text[4]) && text[5] == ':';
}

bool is_month(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::ranges::find(months, text) != months.end();
}

bool is_day(std::string_view text) {
  return !text.empty() && text.size() <= 2 && std::ranges::all_of(text, base::is_digit);
}

}  // namespace

bool is_syslog_line(std::string_view line) {
  skip_priority(line);
  std::string_view rest = line;
  std::string_view first = word(rest);
  if (is_month(first)) {
    const std::string_view day = word(rest);
    const std::string_view clock = word(rest);
    return is_day(day) && is_clock(clock) && !rest.empty();
  }
  if (first == "1") first = word(rest);  // the version of RFC 5424
  if (first.size() < 19 || first[10] != 'T') return false;
  const std::string_view host = word(rest);
  return base::parse_time(first).has_value() && !host.empty() && !rest.empty();
}

}  // namespace escudo::sources
