#pragma once
// UTF-16LE of a log -> UTF-8, plain or escaped, sixteen bytes at a step while the text is ASCII.
//
// Each function writes to `to`, which has room for text_room(bytes), and returns where it stopped.
// Lone surrogates become U+FFFD. An odd last byte is ignored. Pure, thread-safe.

#include <cstddef>
#include <string_view>

namespace escudo::sources {

// How text is written: as it is, within JSON strings, as XML text, or in an XML attribute between
// single quotes. XML has no characters below U+0020 but tab and line ends: they become U+FFFD.
enum class Escape { none, json, xml_text, xml_attribute };

// Three bytes a unit, or six where a unit becomes "\u0001" or "&apos;", and room for whole steps.
constexpr std::size_t text_room(std::size_t utf16_bytes, Escape escape) {
  return utf16_bytes / 2 * (escape == Escape::none ? 3 : 6) + 16;
}

template <Escape escape>
char* write_utf16(std::string_view utf16, char* to);
char* write_utf16(std::string_view utf16, Escape escape, char* to);

// The same for text that is UTF-8 already; six bytes a byte at most, and 16.
char* write_utf8(std::string_view utf8, Escape escape, char* to);

}  // namespace escudo::sources
