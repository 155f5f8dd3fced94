// Value -> text. texts() follows what Windows itself renders (MS-EVEN6 2.2.12.3, and for
// hexadecimal numbers, GUIDs and binary what its event viewer shows).

#include <array>
#include <bit>
#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "binxml/binxml.hpp"
#include "binxml/filetime.hpp"
#include "binxml/utf16.hpp"
#include "binxml/value.hpp"

namespace escudo::writer {
namespace {

std::uint64_t unsigned_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t v = 0;
  for (std::size_t i = size; i-- > 0;) v = v << 8 | static_cast<unsigned char>(bytes[at + i]);
  return v;
}

std::u16string units_of(std::string_view bytes) {
  std::u16string out(bytes.size() / 2, u'\0');
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<char16_t>(unsigned_at(bytes, 2 * i, 2));
  }
  return out;
}

template <class T>
std::string shortest(T v) {
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v);
  return std::string(buffer.data(), end.ptr);
}

std::string hex(std::string_view bytes, bool upper) {
  const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string hex_number(std::uint64_t v) {
  std::array<char, 20> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v, 16);
  return "0x" + std::string(buffer.data(), end.ptr);
}

std::string sid_text(std::string_view b) {
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | static_cast<unsigned char>(b[i]);
  std::string out =
      "S-" + std::to_string(static_cast<unsigned char>(b[0])) + "-" + std::to_string(authority);
  for (std::size_t at = 8; at + 4 <= b.size(); at += 4) {
    out += "-" + std::to_string(unsigned_at(b, at, 4));
  }
  return out;
}

std::string systemtime_text(std::string_view b) {
  std::array<char, 64> out;
  const auto part = [&](std::size_t i) { return static_cast<int>(unsigned_at(b, 2 * i, 2)); };
  std::snprintf(out.data(), out.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", part(0), part(1),
                part(3), part(4), part(5), part(6), part(7));
  return out.data();
}

// Bytes one item of an array takes; 0 for those that end in a NUL, 1 past the end for SIDs.
std::size_t item_size(Type type) {
  switch (type) {
    case Type::int8:
    case Type::uint8:
      return 1;
    case Type::int16:
    case Type::uint16:
      return 2;
    case Type::int32:
    case Type::uint32:
    case Type::real32:
    case Type::boolean:
    case Type::hex32:
      return 4;
    case Type::int64:
    case Type::uint64:
    case Type::real64:
    case Type::filetime:
    case Type::hex64:
    case Type::size:
    case Type::handle:
      return 8;
    case Type::guid:
    case Type::systemtime:
      return 16;
    default:
      return 0;
  }
}

std::string text_of(Type type, std::string_view b) {
  const std::uint64_t number = b.size() <= 8 ? unsigned_at(b, 0, b.size()) : 0;
  switch (type) {
    case Type::null:
      return {};
    case Type::string:
    case Type::evt_xml:
      return to_utf8(units_of(b));
    case Type::ansi: {
      std::string out;  // code page 1252 and Latin-1 agree on what fixtures use
      for (const char c : b) append_utf8(out, static_cast<unsigned char>(c));
      return out;
    }
    case Type::int8:
      return std::to_string(static_cast<std::int8_t>(number));
    case Type::int16:
      return std::to_string(static_cast<std::int16_t>(number));
    case Type::int32:
      return std::to_string(static_cast<std::int32_t>(number));
    case Type::int64:
      return std::to_string(static_cast<std::int64_t>(number));
    case Type::uint8:
    case Type::uint16:
    case Type::uint32:
    case Type::uint64:
      return std::to_string(number);
    case Type::real32:
      return shortest(std::bit_cast<float>(static_cast<std::uint32_t>(number)));
    case Type::real64:
      return shortest(std::bit_cast<double>(number));
    case Type::boolean:
      return number != 0 ? "true" : "false";
    case Type::binary:
      return hex(b, true);
    case Type::guid:
      return "{" + guid_text(b) + "}";
    case Type::size:
    case Type::hex32:
    case Type::hex64:
    case Type::handle:
      return hex_number(number);
    case Type::filetime:
      return iso_text(number, 7);
    case Type::systemtime:
      return systemtime_text(b);
    case Type::sid:
      return sid_text(b);
    case Type::binxml:
      break;
  }
  throw std::invalid_argument("a value without a text");
}

}  // namespace

std::vector<std::string> Value::texts() const {
  if (type_ == 0) return {};
  if (!is_array()) return {text_of(type(), bytes_)};
  std::vector<std::string> out;
  const std::size_t fixed = item_size(type());
  for (std::size_t at = 0; at < bytes_.size();) {
    std::size_t size = fixed, step = fixed;
    if (type() == Type::string) {
      for (size = 0; unsigned_at(bytes_, at + size, 2) != 0;) size += 2;
      step = size + 2;
    } else if (type() == Type::ansi) {
      size = bytes_.find('\0', at) - at;
      step = size + 1;
    } else if (type() == Type::sid) {
      size = step = 8 + 4 * static_cast<unsigned char>(bytes_[at + 1]);
    }
    out.push_back(text_of(type(), std::string_view(bytes_).substr(at, size)));
    at += step;
  }
  return out;
}

std::string Value::text() const {
  std::string out;
  for (const std::string& item : texts()) {
    if (!out.empty()) out += ", ";
    out += item;
  }
  return out;
}

bool Value::is_number() const {
  if (is_array()) return false;
  return type() >= Type::int8 && type() <= Type::real64;
}

std::string guid_text(std::string_view b) {
  const std::string ordered = {b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]};
  const std::string d = hex(ordered, false) + hex(b.substr(8, 8), false);
  return d.substr(0, 8) + "-" + d.substr(8, 4) + "-" + d.substr(12, 4) + "-" + d.substr(16, 4) +
         "-" + d.substr(20);
}

}  // namespace escudo::writer
