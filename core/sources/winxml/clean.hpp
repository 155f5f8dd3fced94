#pragma once
// What XML text needs before pugixml may read it. Pure, thread-safe.

#include <optional>
#include <string>
#include <string_view>

namespace escudo::sources {

// More elements or attributes than this would take many times the text's size in memory.
// Returns a sentence when there are.
std::optional<std::string> xml_too_rich(std::string_view text, std::size_t elements);

// True when `text` has bytes that are not UTF-8, NUL bytes, or references to characters that XML
// does not have. clean_xml() replaces each by U+FFFD.
bool xml_needs_cleaning(std::string_view text);
std::string clean_xml(std::string_view text);

}  // namespace escudo::sources
