#pragma once
// The journal's export format: an entry is lines FIELD=value, or FIELD, a line end, the length in eight
// bytes (little endian), the bytes and a line end; an empty line ends it. Pure.

#include <cstddef>
#include <optional>
#include <string_view>

namespace escudo::sources {

struct JournalEntry {
  std::string_view cursor, message;   // into the text
  std::size_t size = 0;               // of the entry with its empty line
};

// The first entry of the text; nothing while it is not whole.
std::optional<JournalEntry> first_entry(std::string_view text);

}  // namespace escudo::sources
