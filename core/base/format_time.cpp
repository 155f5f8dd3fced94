#include <string>

#include "base/civil.hpp"
#include "base/timestamp.hpp"

namespace escudo::base {
namespace {

std::string padded(std::int64_t value, std::size_t width, char fill = '0') {
  std::string digits = std::to_string(value < 0 ? -value : value);
  if (digits.size() < width) digits.insert(0, width - digits.size(), fill);
  return value < 0 ? '-' + digits : digits;
}

int twelve(int hour) { return hour % 12 == 0 ? 12 : hour % 12; }

struct IsoWeek {
  std::int64_t year;
  int week;
};

// The week of ISO 8601: it begins on Monday and belongs to the year that has its Thursday.
IsoWeek iso_week(const TimeParts& t) {
  const std::int64_t thursday = t.days - (weekday(t.days) + 6) % 7 + 3;
  const Civil date = civil_from_days(thursday);
  return {date.year, (day_of_year(date) - 1) / 7 + 1};
}

// Weeks that began in this year, counting from its first `first_day` (0 is Sunday).
int week_of_year(const TimeParts& t, int first_day) {
  return (day_of_year(t.date) - 1 + 7 - (weekday(t.days) + 7 - first_day) % 7) / 7;
}

std::string subseconds(const TimeParts& t, std::size_t digits) {
  return (padded(t.micros, 6) + "000").substr(0, digits);
}

// What a conversion that stands for others stands for.
std::string_view composite(char conversion) {
  switch (conversion) {
    case 'c': return "%a %b %e %H:%M:%S %Y";
    case '+': return "%a %b %e %H:%M:%S %Z %Y";
    case 'x':
    case 'D': return "%m/%d/%y";
    case 'X':
    case 'T': return "%H:%M:%S";
    case 'F': return "%Y-%m-%d";
    case 'R': return "%H:%M";
    case 'r': return "%I:%M:%S %p";
    default: return {};
  }
}

// Nothing for a conversion that is not known.
std::optional<std::string> simple(const TimeParts& t, char conversion) {
  const auto month = static_cast<std::size_t>(t.date.month - 1);
  const auto day = static_cast<std::size_t>(weekday(t.days));
  switch (conversion) {
    case 'Y': return padded(t.date.year, 4);
    case 'C': return padded(floor_div(t.date.year, 100), 2);
    case 'y': return padded(t.date.year - floor_div(t.date.year, 100) * 100, 2);
    case 'm': return padded(t.date.month, 2);
    case 'b':
    case 'h': return std::string(month_names[month].substr(0, 3));
    case 'B': return std::string(month_names[month]);
    case 'd': return padded(t.date.day, 2);
    case 'e': return padded(t.date.day, 2, ' ');
    case 'j': return padded(day_of_year(t.date), 3);
    case 'a': return std::string(day_names[day].substr(0, 3));
    case 'A': return std::string(day_names[day]);
    case 'w': return padded(weekday(t.days), 1);
    case 'u': return padded((weekday(t.days) + 6) % 7 + 1, 1);
    case 'U': return padded(week_of_year(t, 0), 2);
    case 'W': return padded(week_of_year(t, 1), 2);
    case 'V': return padded(iso_week(t).week, 2);
    case 'G': return padded(iso_week(t).year, 4);
    case 'g': return padded(iso_week(t).year % 100, 2);
    case 'H': return padded(t.hour, 2);
    case 'k': return padded(t.hour, 2, ' ');
    case 'I': return padded(twelve(t.hour), 2);
    case 'l': return padded(twelve(t.hour), 2, ' ');
    case 'M': return padded(t.minute, 2);
    case 'S': return padded(t.second, 2);
    case 'p': return t.hour < 12 ? "AM" : "PM";
    case 'f': return padded(t.micros, 6);
    case 'N': return subseconds(t, 9);
    case 'Q': return subseconds(t, 3);
    case 's': return std::to_string(t.seconds);
    case 'Z': return "UTC";
    case 'z': return "+0000";
    case 'n': return "\n";
    case 't': return "\t";
    case '%': return "%";
    default: return {};
  }
}

void append(std::string& out, const TimeParts& t, std::string_view format) {
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    const char conversion = format[++i];
    const char after = i + 1 < format.size() ? format[i + 1] : '\0';
    if (conversion >= '1' && conversion <= '9' && (after == 'N' || after == 'Q')) {
      out += subseconds(t, static_cast<std::size_t>(conversion - '0'));
      ++i;
    } else if (conversion == ':' && after == 'z') {
      out += "+00:00";
      ++i;
    } else if (const std::string_view parts = composite(conversion); !parts.empty()) {
      append(out, t, parts);  // composites hold no composites
    } else if (const auto text = simple(t, conversion)) {
      out += *text;
    } else {
      out += '%';
      out += conversion;
    }
  }
}

}  // namespace

std::string format_time(Time t, std::string_view format) {
  std::string out;
  append(out, TimeParts(t), format);
  return out;
}

}  // namespace escudo::base
