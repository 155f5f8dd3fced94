#include "base/json.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "base/utf8.hpp"

namespace escudo::base {
namespace {

// Bytes that go into a JSON string as they are: ASCII without controls, quote and backslash.
constexpr std::array<bool, 256> plain = [] {
  std::array<bool, 256> t{};
  for (int c = 0x20; c < 0x7F; ++c) t[static_cast<std::size_t>(c)] = c != '"' && c != '\\';
  return t;
}();

void append_u_escape(std::string& out, char32_t code) {
  constexpr const char* hex = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += hex[code >> shift & 0xF];
}

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, 32> text;
  char* const end = text.data() + text.size();
  // The shortest form of a round number may be 1e+05; people count in whole digits.
  if (std::fabs(value) < 1e17 && value == std::trunc(value)) {
    return {text.data(), std::to_chars(text.data(), end, static_cast<std::int64_t>(value)).ptr};
  }
  return {text.data(), std::to_chars(text.data(), end, value).ptr};
}

void append_json_string(std::string& out, std::string_view s) {
  out += '"';
  for (std::size_t at = 0; at < s.size();) {
    std::size_t end = at;
    while (end < s.size() && plain[static_cast<unsigned char>(s[end])]) ++end;
    out.append(s.substr(at, end - at));
    if (end == s.size()) break;
    const Utf8Char c = decode_utf8(s, end);
    at = end + c.bytes;
    if (!c.valid) {
      out += "\xEF\xBF\xBD";
      continue;
    }
    switch (c.code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        // The line separators end a line for some readers of JSON lines.
        if (c.code < 0xA0 || c.code == 0x2028 || c.code == 0x2029) {
          append_u_escape(out, c.code);
        } else {
          out.append(s.substr(end, c.bytes));
        }
    }
  }
  out += '"';
}

void JsonWriter::comma() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (first_.empty()) return;
  if (!first_.back()) out_ += ',';
  first_.back() = false;
}

void JsonWriter::open(char c) {
  comma();
  out_ += c;
  first_.push_back(true);
}

void JsonWriter::close(char c) {
  assert(!first_.empty() && !after_key_);
  first_.pop_back();
  out_ += c;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(!first_.empty() && !after_key_);
  comma();
  append_json_string(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  comma();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  comma();
  // JSON has no infinities.
  out_ += std::isfinite(number) ? number_text(number) : "null";
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  comma();
  out_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  comma();
  out_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  comma();
  out_ += flag ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  comma();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  comma();
  out_ += json;
  return *this;
}

}  // namespace escudo::base
