#pragma once
// UTF-8 -> UTF-16 for the writer. A second opinion on purpose: the writer proves core's readers, so
// it shares no code with them. Pure functions.

#include <string>
#include <string_view>

namespace escudo::writer {

// Throws std::invalid_argument when `utf8` is not UTF-8: a fixture is never wrong by accident. What
// must be wrong on purpose (lone surrogates) is given as UTF-16 in the first place.
std::u16string to_utf16(std::string_view utf8);
std::string to_utf8(std::u16string_view utf16);  // lone surrogates become U+FFFD
void append_utf8(std::string& out, char32_t code_point);

// The units as bytes, least significant byte first.
std::string little_endian_bytes(std::u16string_view utf16);

}  // namespace escudo::writer
