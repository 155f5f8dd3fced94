// Tested by tests/unit/sources/json_repair.cpp.

#include "sources/jsonl/repair.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t safe_digits = 18;

// The code of "\uXXXX" at `at`, or -1.
int escaped_code(std::string_view text, std::size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int code = 0;
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, code, 16);
  return error == std::errc{} && end == text.data() + at + 6 ? code : -1;
}

bool is_high(int code) { return code >= 0xD800 && code <= 0xDBFF; }
bool is_low(int code) { return code >= 0xDC00 && code <= 0xDFFF; }

void append_control(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u00";
  out += digits[static_cast<unsigned char>(c) >> 4];
  out += digits[static_cast<unsigned char>(c) & 15];
}

// The escape at `at`, a backslash; returns where to go on.
std::size_t append_escape(std::string& out, std::string_view text, std::size_t at) {
  const int code = escaped_code(text, at);
  if (is_high(code) && is_low(escaped_code(text, at + 6))) {
    out += text.substr(at, 12);
    return at + 12;
  }
  if (is_high(code) || is_low(code)) {
    out += "\\ufffd";
    return at + 6;
  }
  const std::size_t size = code >= 0 ? 6 : 2;
  out += text.substr(at, size);
  return std::min(at + size, text.size());
}

bool is_number_char(char c) {
  return base::is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

}  // namespace

std::string repair_json(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 64);
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (in_string && c == '\\') {
      at = append_escape(out, text, at);
    } else if (in_string && static_cast<unsigned char>(c) < 0x20) {
      append_control(out, c);
      ++at;
    } else if (!in_string && (base::is_digit(c) || c == '-')) {
      std::size_t end = at;
      while (end < text.size() && is_number_char(text[end])) ++end;
      const std::string_view number = text.substr(at, end - at);
      const bool too_long = number.size() > safe_digits;
      if (too_long) out += '"';
      out += number;
      if (too_long) out += '"';
      at = end;
    } else {
      if (c == '"') in_string = !in_string;
      out += c;
      ++at;
    }
  }
  base::repair_utf8(out);
  return out;
}

}  // namespace escudo::sources
