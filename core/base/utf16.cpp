#include "base/utf16.hpp"

#include "base/utf8.hpp"

namespace escudo::base {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr bool is_high(char32_t u) { return u >= 0xD800 && u < 0xDC00; }
constexpr bool is_low(char32_t u) { return u >= 0xDC00 && u < 0xE000; }

template <bool little_endian>
void convert(std::string_view bytes, std::string& out) {
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return little_endian ? first | second << 8 : first << 8 | second;
  };
  const std::size_t end = bytes.size() & ~std::size_t{1};
  out.reserve(out.size() + end / 2);
  for (std::size_t at = 0; at < end; at += 2) {
    char32_t code = unit(at);
    if (code < 0x80) {
      out += static_cast<char>(code);
      continue;
    }
    if (is_high(code) && at + 2 < end && is_low(unit(at + 2))) {
      at += 2;
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(at) - 0xDC00);
    } else if (is_high(code) || is_low(code)) {
      code = replacement;
    }
    append_utf8(out, code);
  }
}

void append_unit(std::string& out, char32_t unit) {
  out += static_cast<char>(unit & 0xFF);
  out += static_cast<char>(unit >> 8);
}

}  // namespace

void utf16_to_utf8(std::string_view bytes, bool little_endian, std::string& out) {
  little_endian ? convert<true>(bytes, out) : convert<false>(bytes, out);
}

std::string utf8_to_utf16le(std::string_view s) {
  std::string out;
  out.reserve(s.size() * 2);
  for (std::size_t at = 0; at < s.size();) {
    const Utf8Char c = decode_utf8(s, at);
    at += c.bytes;
    const char32_t code = c.valid ? c.code : replacement;
    if (code < 0x10000) {
      append_unit(out, code);
    } else {
      append_unit(out, 0xD800 + ((code - 0x10000) >> 10));
      append_unit(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace escudo::base
