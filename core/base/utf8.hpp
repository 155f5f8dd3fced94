#pragma once
// One UTF-8 sequence at a time. Pure functions.

#include <cstddef>
#include <string>
#include <string_view>

namespace escudo::base {

struct Utf8Char {
  char32_t code = 0;      // meaningful when valid
  std::size_t bytes = 0;  // how many were consumed, at least 1
  bool valid = false;     // otherwise the bytes are one ill-formed run (a maximal subpart)
};

// Decodes what begins at s[at]; at < s.size(). Overlong forms, surrogates and codes past U+10FFFF
// are ill-formed.
inline Utf8Char decode_utf8(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1, true};
  std::size_t length = 0;
  char32_t code = 0;
  unsigned char low = 0x80, high = 0xBF;  // what the second byte may be
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
    code = first & 0x1Fu;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    code = first & 0x0Fu;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    code = first & 0x07u;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {0, 1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i >= s.size()) return {0, i, false};
    const unsigned char b = byte(at + i);
    if (b < low || b > high) return {0, i, false};
    low = 0x80;
    high = 0xBF;
    code = code << 6 | (b & 0x3Fu);
  }
  return {code, length, true};
}

// `code` is a scalar value: not a surrogate, at most U+10FFFF.
inline void append_utf8(std::string& out, char32_t code) {
  const auto put = [&](char32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// How many bytes at the start of `s`, from `at`, are ASCII.
inline std::size_t ascii_run(std::string_view s, std::size_t at) {
  std::size_t end = at;
  while (end < s.size() && static_cast<unsigned char>(s[end]) < 0x80) ++end;
  return end - at;
}

inline bool is_ascii(std::string_view s) { return ascii_run(s, 0) == s.size(); }

}  // namespace escudo::base
