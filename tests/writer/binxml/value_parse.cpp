// Text -> Value, by the type names descriptions use.

#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>

#include "binxml/binxml.hpp"
#include "binxml/filetime.hpp"
#include "binxml/value.hpp"

namespace escudo::writer {
namespace {

std::string unhex(std::string_view text) {
  if (text.size() % 2 != 0) throw std::invalid_argument("odd number of hexadecimal digits");
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    const auto end = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (end.ptr != text.data() + i + 2)
      throw std::invalid_argument("not hexadecimal: " + std::string(text));
    out += static_cast<char>(byte);
  }
  return out;
}

template <class T>
T parse_number(std::string_view text) {
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  const char* begin = text.data() + (is_hex ? 2 : 0);
  const char* end = text.data() + text.size();
  T v{};
  std::from_chars_result r{};
  if constexpr (std::is_floating_point_v<T>) {
    r = std::from_chars(begin, end, v);
  } else {
    r = std::from_chars(begin, end, v, is_hex ? 16 : 10);
  }
  if (r.ec != std::errc() || r.ptr != end || begin == end) {
    throw std::invalid_argument("not a number of its type: " + std::string(text));
  }
  return v;
}

using Maker = std::function<Value(std::string_view)>;

const std::map<std::string_view, Maker>& makers() {
  static const std::map<std::string_view, Maker> table = {
      {"string", [](auto t) { return Value::string(t); }},
      {"ansi", [](auto t) { return Value::ansi(t); }},
      {"int8", [](auto t) { return Value::int8(parse_number<std::int8_t>(t)); }},
      {"uint8", [](auto t) { return Value::uint8(parse_number<std::uint8_t>(t)); }},
      {"int16", [](auto t) { return Value::int16(parse_number<std::int16_t>(t)); }},
      {"uint16", [](auto t) { return Value::uint16(parse_number<std::uint16_t>(t)); }},
      {"int32", [](auto t) { return Value::int32(parse_number<std::int32_t>(t)); }},
      {"uint32", [](auto t) { return Value::uint32(parse_number<std::uint32_t>(t)); }},
      {"int64", [](auto t) { return Value::int64(parse_number<std::int64_t>(t)); }},
      {"uint64", [](auto t) { return Value::uint64(parse_number<std::uint64_t>(t)); }},
      {"real32", [](auto t) { return Value::real32(parse_number<float>(t)); }},
      {"real64", [](auto t) { return Value::real64(parse_number<double>(t)); }},
      {"bool", [](auto t) { return Value::boolean(t == "true"); }},
      {"binary", [](auto t) { return Value::binary(unhex(t)); }},
      {"guid", [](auto t) { return Value::guid(t); }},
      {"size32", [](auto t) { return Value::size32(parse_number<std::uint32_t>(t)); }},
      {"size64", [](auto t) { return Value::size64(parse_number<std::uint64_t>(t)); }},
      {"filetime", [](auto t) { return Value::filetime(filetime_from_text(t)); }},
      {"systemtime", [](auto t) { return Value::systemtime(filetime_from_text(t)); }},
      {"sid", [](auto t) { return Value::sid(t); }},
      {"hex32", [](auto t) { return Value::hex32(parse_number<std::uint32_t>(t)); }},
      {"hex64", [](auto t) { return Value::hex64(parse_number<std::uint64_t>(t)); }},
      {"null", [](auto) { return Value::null(); }},
  };
  return table;
}

}  // namespace

Value Value::parse(std::string_view type_name, std::string_view text) {
  const auto found = makers().find(type_name);
  if (found == makers().end())
    throw std::invalid_argument("no value type is named " + std::string(type_name));
  return found->second(text);
}

std::string guid_bytes(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '{' && c != '}' && c != '-') digits += c;
  }
  if (digits.size() != 32) throw std::invalid_argument("not a GUID: " + std::string(text));
  const std::string b = unhex(digits);
  return {b[3], b[2], b[1],  b[0],  b[5],  b[4],  b[7],  b[6],
          b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]};
}

}  // namespace escudo::writer
