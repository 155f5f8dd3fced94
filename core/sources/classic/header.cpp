// Tested by tests/unit/sources/classic.cpp.

#include "sources/classic/header.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace escudo::sources {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::optional<base::Time> classic_time(std::string_view line) {
  line = base::trim(line);
  if (line.size() < 16 || line.size() > 40 || !base::is_digit(line.front())) return std::nullopt;
  if (line.find('/') > 2) return base::parse_time(line);
  for (const char* format : {"%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S.%3N %p"}) {
    if (line.ends_with('M')) {
      if (auto time = base::parse_time(line, format)) return time;
    }
  }
  if (line.ends_with('M')) return std::nullopt;
  for (const char* format : {"%m/%d/%Y %H:%M:%S.%3N", "%m/%d/%Y %H:%M:%S"}) {
    if (auto time = base::parse_time(line, format)) return time;
  }
  return std::nullopt;
}

bool begins_classic(std::string_view text) {
  text = base::trim(text);
  std::string_view line = take_line(text);
  if (!is_log_name(line)) {
    if (!classic_time(line)) return false;
    if (!is_log_name(take_line(text))) return false;
  }
  // Some line of the header must follow: LogName= alone can begin a settings file.
  line = take_line(text);
  return line.starts_with("SourceName=") || line.starts_with("EventCode=");
}

}  // namespace escudo::sources
