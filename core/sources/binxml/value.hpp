#pragma once
// One typed value of a record, as it lies in the chunk, and its text.
//
// Texts are those Windows shows: numbers in decimal, HexInt and SizeT as 0x3e7, GUIDs in braces,
// SIDs as S-1-5-18, FILETIME and SYSTEMTIME in ISO 8601, Binary in hexadecimal digits. A value
// whose size is not that of its type is read by its size. Pure, thread-safe.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sources/binxml/utf16_text.hpp"

namespace escudo::sources {

namespace type {
inline constexpr std::uint8_t null = 0x00, string = 0x01, ansi = 0x02, int8 = 0x03, uint8 = 0x04,
                              int16 = 0x05, uint16 = 0x06, int32 = 0x07, uint32 = 0x08,
                              int64 = 0x09, uint64 = 0x0A, real32 = 0x0B, real64 = 0x0C,
                              boolean = 0x0D, binary = 0x0E, guid = 0x0F, size = 0x10,
                              filetime = 0x11, systemtime = 0x12, sid = 0x13, hex32 = 0x14,
                              hex64 = 0x15, binxml = 0x21, evt_xml = 0x23;
inline constexpr std::uint8_t array = 0x80;  // added to the type of the items
}  // namespace type

struct RawValue {
  const char* data = nullptr;
  std::uint32_t size = 0;
  std::uint8_t type = type::null;
  std::uint16_t inside = 0;  // 1 + the index of what it holds, see ParsedRecord
  std::string_view bytes() const { return {data, size}; }
  bool is_null() const { return type == type::null; }
  bool is_empty() const { return size == 0 || is_null(); }  // a NULL may have bytes
  bool is_array() const { return (type & type::array) != 0; }
};

// Two spellings differ between readers: GUIDs in upper or lower case, times with nine or seven
// decimals.
enum class Spelling { libevtx, evtx_dump };

// How much write_value() or write_json() may write, however it is escaped: six bytes a unit of text.
constexpr std::size_t value_room(const RawValue& value) {
  return value.size * std::size_t{value.type == type::ansi ? 6u : 3u} + 64;
}
// Text at `to`; returns its end. NULL and what has no text write nothing. Not for arrays.
char* write_value(const RawValue& value, Escape escape, Spelling spelling, char* to);
// The same as a value of JSON, spelt as evtx_dump does: numbers and truth values bare, all else in
// quotes.
char* write_json(const RawValue& value, char* to);

// Takes the first item off the array's `rest` bytes. Strings end with NUL or with the bytes; what
// is left behind the last whole item is dropped.
std::optional<RawValue> take_item(std::uint8_t array_type, std::string_view& rest);

// The value as a number, when it is one: integers, HexInt, SizeT.
std::optional<std::uint64_t> integer_of(const RawValue& value);

}  // namespace escudo::sources
