// Tested by tests/unit/sources/follow.cpp.
#include "sources/follow/cut.hpp"

#include <optional>

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

// Where a line ends within an object: the object is written over several lines.
struct Objects {
  std::size_t end = 0;    // behind the last that is whole
  bool spread = false;    // the first goes on behind its first line
};
// Nothing when an object is torn: a line break in a text, or the next one at the beginning of a line.
std::optional<Objects> objects(std::string_view text) {
  Objects out;
  std::size_t depth = 0;
  bool quoted = false, first_line = true;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (c == '\n') {
      if (quoted) return {};
      if (first_line && depth > 0) out.spread = true;
      first_line = first_line && depth == 0 && out.end == 0;   // blank lines and "Record 1" are none
      if (!first_line && !out.spread) return out;
    } else if (quoted) {
      if (c == '\\') ++k;
      else quoted = c != '"';
    } else if (c == '{' || c == '[') {
      if (depth > 0 && c == '{' && text[k - 1] == '\n') return {};
      ++depth;
    } else if (depth > 0 && (c == '}' || c == ']')) {
      if (--depth == 0) out.end = k + 1;
    } else if (depth > 0) {
      quoted = c == '"';
    }
  }
  return out;
}

std::size_t behind_last_object(std::string_view text) {
  const auto found = objects(text);
  if (!found || !found->spread) return behind_last_line(text);
  std::size_t end = found->end;
  while (end > 0 && end < text.size() && (text[end] == '\r' || text[end] == '\n' || text[end] == ' ')) ++end;
  return end;
}

}  // namespace

std::size_t whole_records(Format format, std::string_view text, bool still) {
  switch (format) {
    case Format::winxml:
      return behind_last_event(text);
    case Format::classic:
      return still ? behind_last_line(text) : before_last_classic(text);
    case Format::json:
      return behind_last_object(text);
    default:
      return behind_last_line(text);
  }
}

}  // namespace escudo::sources::follow
