#pragma once
// UTF-16 <-> UTF-8. Lone surrogates become U+FFFD. Pure functions.

#include <cstddef>
#include <string>
#include <string_view>

namespace escudo::base {

// Appends `bytes` (UTF-16, little or big endian, an odd last byte is ignored) to `out` as UTF-8.
void utf16_to_utf8(std::string_view bytes, bool little_endian, std::string& out);
// UTF-8 -> UTF-16LE bytes; invalid sequences become U+FFFD.
std::string utf8_to_utf16le(std::string_view utf8);

}  // namespace escudo::base
