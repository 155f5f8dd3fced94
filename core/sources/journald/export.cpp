// Tested by tests/unit/sources/journald.cpp.
#include "sources/journald/export.hpp"

#include <cstdint>

namespace escudo::sources {

std::optional<JournalEntry> first_entry(std::string_view text) {
  JournalEntry entry;
  std::size_t at = 0;
  bool any = false;
  for (;;) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return {};
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty()) {
      if (!any) continue;   // blank lines between entries
      entry.size = at;
      return entry;
    }
    any = true;
    std::string_view name = line, value;
    if (const std::size_t equal = line.find('='); equal != std::string_view::npos) {
      name = line.substr(0, equal);
      value = line.substr(equal + 1);
    } else {
      if (text.size() - at < 8) return {};
      std::uint64_t length = 0;
      for (std::size_t k = 8; k-- > 0;) length = length << 8 | static_cast<unsigned char>(text[at + k]);
      at += 8;
      if (length >= text.size() - at) return {};
      value = text.substr(at, length);
      at += length + 1;   // and the line end
    }
    if (name == "__CURSOR") entry.cursor = value;
    if (name == "MESSAGE") entry.message = value;
  }
}

}  // namespace escudo::sources
