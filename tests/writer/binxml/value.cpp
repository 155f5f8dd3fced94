#include "binxml/value.hpp"

#include <bit>
#include <stdexcept>

#include "binxml/binxml.hpp"
#include "binxml/filetime.hpp"
#include "binxml/utf16.hpp"

namespace escudo::writer {
namespace {

template <class T>
std::string little_endian(T v) {
  std::string out(sizeof(T), '\0');
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out[i] = static_cast<char>(static_cast<std::uint64_t>(v) >> (8 * i));
  return out;
}

std::uint64_t parse_unsigned(std::string_view text) {
  std::uint64_t v = 0;
  std::size_t used = 0;
  v = std::stoull(std::string(text), &used, 10);
  if (used != text.size()) throw std::invalid_argument("not a number: " + std::string(text));
  return v;
}

}  // namespace

template <class T>
Value Value::number(Type type, T v) {
  return Value(type, little_endian(v));
}

Value Value::null(std::size_t bytes) { return Value(Type::null, std::string(bytes, '\0')); }
Value Value::string(std::string_view utf8) { return string_units(to_utf16(utf8)); }
Value Value::string_units(std::u16string_view units) {
  return Value(Type::string, little_endian_bytes(units));
}
Value Value::ansi(std::string_view bytes) { return Value(Type::ansi, std::string(bytes)); }
Value Value::int8(std::int8_t v) { return number(Type::int8, v); }
Value Value::uint8(std::uint8_t v) { return number(Type::uint8, v); }
Value Value::int16(std::int16_t v) { return number(Type::int16, v); }
Value Value::uint16(std::uint16_t v) { return number(Type::uint16, v); }
Value Value::int32(std::int32_t v) { return number(Type::int32, v); }
Value Value::uint32(std::uint32_t v) { return number(Type::uint32, v); }
Value Value::int64(std::int64_t v) { return number(Type::int64, v); }
Value Value::uint64(std::uint64_t v) { return number(Type::uint64, v); }
Value Value::real32(float v) { return number(Type::real32, std::bit_cast<std::uint32_t>(v)); }
Value Value::real64(double v) { return number(Type::real64, std::bit_cast<std::uint64_t>(v)); }
Value Value::boolean(bool v) { return boolean_raw(v ? 1 : 0); }
Value Value::boolean_raw(std::uint32_t v) { return number(Type::boolean, v); }
Value Value::binary(std::string_view bytes) { return Value(Type::binary, std::string(bytes)); }
Value Value::guid(std::string_view text) { return Value(Type::guid, guid_bytes(text)); }
Value Value::size32(std::uint32_t v) { return number(Type::size, v); }
Value Value::size64(std::uint64_t v) { return number(Type::size, v); }
Value Value::filetime(std::uint64_t ticks) { return number(Type::filetime, ticks); }
Value Value::hex32(std::uint32_t v) { return number(Type::hex32, v); }
Value Value::hex64(std::uint64_t v) { return number(Type::hex64, v); }
Value Value::handle(std::uint64_t v) { return number(Type::handle, v); }

Value Value::evt_xml(std::string_view utf8) {
  return Value(Type::evt_xml, little_endian_bytes(to_utf16(utf8)));
}

Value Value::systemtime(std::uint64_t ticks) {
  const CalendarTime t = calendar(ticks);
  std::string bytes;
  for (const int part : {t.year, t.month, t.weekday, t.day, t.hour, t.minute, t.second,
                         static_cast<int>(t.ticks / 10000)}) {
    bytes += little_endian(static_cast<std::uint16_t>(part));
  }
  return Value(Type::systemtime, std::move(bytes));
}

Value Value::sid(std::string_view text) {
  std::vector<std::uint64_t> parts;
  if (!text.starts_with("S-")) throw std::invalid_argument("not a SID: " + std::string(text));
  for (std::size_t at = 2; at <= text.size();) {
    const std::size_t dash = std::min(text.find('-', at), text.size());
    parts.push_back(parse_unsigned(text.substr(at, dash - at)));
    at = dash + 1;
  }
  if (parts.size() < 2 || parts.size() > 17) {
    throw std::invalid_argument("not a SID: " + std::string(text));
  }
  std::string bytes;
  bytes += static_cast<char>(parts[0]);
  bytes += static_cast<char>(parts.size() - 2);
  for (int i = 5; i >= 0; --i) bytes += static_cast<char>(parts[1] >> (8 * i));  // big endian
  for (std::size_t i = 2; i < parts.size(); ++i) {
    bytes += little_endian(static_cast<std::uint32_t>(parts[i]));
  }
  return Value(Type::sid, std::move(bytes));
}

Value Value::nested(Fragment fragment) {
  Value v(Type::binxml, {});
  v.fragment_ = std::make_shared<const Fragment>(std::move(fragment));
  return v;
}

Value Value::empty_array(Type type) {
  Value v(type, {});
  v.type_ |= array_bit;
  return v;
}

Value Value::array(const std::vector<Value>& items) {
  if (items.empty()) throw std::invalid_argument("an array of nothing has no type: empty_array()");
  Value out = empty_array(items.front().type());
  for (const Value& item : items) {
    if (item.type_ != items.front().type_ || item.fragment_) {
      throw std::invalid_argument("an array holds one type");
    }
    out.bytes_ += item.bytes_;
    if (item.type() == Type::string) out.bytes_ += std::string(2, '\0');
    if (item.type() == Type::ansi) out.bytes_ += '\0';
  }
  return out;
}

}  // namespace escudo::writer
