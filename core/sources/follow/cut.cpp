// Tested by tests/unit/sources/follow.cpp.
#include "sources/follow/cut.hpp"

namespace escudo::sources::follow {
namespace {

std::size_t behind_last_line(std::string_view text) {
  const std::size_t end = text.rfind('\n');
  return end == std::string_view::npos ? 0 : end + 1;
}

// Events of XML may hold line breaks; the line end behind the last of them goes with it.
std::size_t behind_last_event(std::string_view text) {
  constexpr std::string_view tag = "</Event>";
  std::size_t end = text.rfind(tag);
  if (end == std::string_view::npos) return 0;
  end += tag.size();
  while (end < text.size() && (text[end] == '\r' || text[end] == '\n' || text[end] == ' ')) ++end;
  return end;
}

// The classic rendering has no end of its own: an event ends where the next one's time stands, the
// line before "LogName=".
std::size_t before_last_classic(std::string_view text) {
  const std::size_t name = text.rfind("\nLogName=");
  if (name == std::string_view::npos || name == 0) return 0;
  const std::size_t line = text.rfind('\n', name - 1);
  return line == std::string_view::npos ? 0 : line + 1;
}

}  // namespace

std::size_t whole_records(Format format, std::string_view text, bool still) {
  switch (format) {
    case Format::winxml:
      return behind_last_event(text);
    case Format::classic:
      return still ? behind_last_line(text) : before_last_classic(text);
    default:
      return behind_last_line(text);
  }
}

}  // namespace escudo::sources::follow
