#pragma once
// Value: one typed value of a BinXML template instance, already in its bytes on disk, or a nested
// fragment that can only be laid out where it lands in a chunk.
//
// Value type, cheap to move. Makers throw std::invalid_argument on text they cannot read.
// Thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::writer {

enum class Type : std::uint8_t {
  null = 0x00,
  string = 0x01,
  ansi = 0x02,
  int8 = 0x03,
  uint8 = 0x04,
  int16 = 0x05,
  uint16 = 0x06,
  int32 = 0x07,
  uint32 = 0x08,
  int64 = 0x09,
  uint64 = 0x0A,
  real32 = 0x0B,
  real64 = 0x0C,
  boolean = 0x0D,
  binary = 0x0E,
  guid = 0x0F,
  size = 0x10,  // pointer-sized, 4 or 8 bytes
  filetime = 0x11,
  systemtime = 0x12,
  sid = 0x13,
  hex32 = 0x14,
  hex64 = 0x15,
  handle = 0x20,
  binxml = 0x21,
  evt_xml = 0x23,
};

// The array of a type: same number with this bit.
constexpr std::uint8_t array_bit = 0x80;

struct Fragment;  // binxml.hpp

class Value {
 public:
  Value() = default;                         // NULL
  static Value null(std::size_t bytes = 0);  // a NULL may have a size: readers must skip its bytes
  static Value string(std::string_view utf8);
  static Value string_units(std::u16string_view units);  // any units, lone surrogates too
  static Value ansi(std::string_view bytes);             // in the code page of the log's host
  static Value int8(std::int8_t v);
  static Value uint8(std::uint8_t v);
  static Value int16(std::int16_t v);
  static Value uint16(std::uint16_t v);
  static Value int32(std::int32_t v);
  static Value uint32(std::uint32_t v);
  static Value int64(std::int64_t v);
  static Value uint64(std::uint64_t v);
  static Value real32(float v);
  static Value real64(double v);
  static Value boolean(bool v);
  static Value boolean_raw(std::uint32_t v);  // four bytes; Windows writes others than 0 and 1 too
  static Value binary(std::string_view bytes);
  static Value guid(std::string_view text);  // with or without braces
  static Value size32(std::uint32_t v);
  static Value size64(std::uint64_t v);
  static Value filetime(std::uint64_t ticks);  // 100 ns since 1601-01-01
  static Value systemtime(std::uint64_t ticks);
  static Value sid(std::string_view text);  // "S-1-5-18"
  static Value hex32(std::uint32_t v);
  static Value hex64(std::uint64_t v);
  static Value handle(std::uint64_t v);
  static Value evt_xml(std::string_view utf8);
  static Value nested(Fragment fragment);
  // All of one type, which must be one that can stand in an array.
  static Value array(const std::vector<Value>& items);
  static Value empty_array(Type type);

  // From text and a type's name, the way descriptions spell them ("string", "hex64", "guid", "sid",
  // "uint16", "size64", …); see value_parse.cpp for the list.
  static Value parse(std::string_view type_name, std::string_view text);

  std::uint8_t type_byte() const { return type_; }
  Type type() const { return static_cast<Type>(type_ & ~array_bit); }
  bool is_array() const { return (type_ & array_bit) != 0; }
  const std::string& bytes() const { return bytes_; }
  const Fragment* fragment() const { return fragment_.get(); }

  // As Windows shows it, UTF-8; one entry an item for arrays, one otherwise (none for NULL).
  // Not for nested fragments.
  std::vector<std::string> texts() const;
  std::string text() const;  // texts() in one piece, items joined by ", "
  bool is_number() const;    // rendered as a JSON number by tools that keep types

 private:
  Value(Type type, std::string bytes)
      : type_(static_cast<std::uint8_t>(type)), bytes_(std::move(bytes)) {}
  template <class T>
  static Value number(Type type, T v);

  std::uint8_t type_ = 0;
  std::string bytes_;
  std::shared_ptr<const Fragment> fragment_;
};

// GUID text to its 16 bytes and back.
std::string guid_bytes(std::string_view text);
std::string guid_text(std::string_view bytes16);  // lower case, no braces

}  // namespace escudo::writer
