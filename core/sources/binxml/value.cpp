// Tested by tests/unit/sources/evtx_native.cpp on a value of every type at its edges, and by the
// twin with libevtx.

#include "sources/binxml/value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/civil.hpp"
#include "sources/binxml/little_endian.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t longest_number = 40;

char* put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

// Numbers from 00 to 99.
constexpr std::array<char, 200> decimal_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t n = 0; n < 100; ++n) {
    pairs[2 * n] = static_cast<char>('0' + n / 10);
    pairs[2 * n + 1] = static_cast<char>('0' + n % 10);
  }
  return pairs;
}();

// So many digits, with zeros in front.
template <int digits>
char* put_digits(char* to, std::uint32_t number) {
  for (int i = digits; i >= 2; i -= 2, number /= 100) {
    std::memcpy(to + i - 2, decimal_pairs.data() + 2 * (number % 100), 2);
  }
  if constexpr (digits % 2 != 0) to[0] = static_cast<char>('0' + number % 10);
  return to + digits;
}

char* put_number(char* to, std::uint64_t number) {
  if (number < 10) {
    *to = static_cast<char>('0' + number);
    return to + 1;
  }
  if (number <= UINT32_MAX) return std::to_chars(to, to + 10, static_cast<std::uint32_t>(number)).ptr;
  return std::to_chars(to, to + 20, number).ptr;
}

// Two digits for each byte.
constexpr std::array<char, 512> digit_pairs(const char* digits) {
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = digits[byte >> 4];
    pairs[2 * byte + 1] = digits[byte & 15];
  }
  return pairs;
}
constexpr std::array<char, 512> upper = digit_pairs("0123456789ABCDEF");
constexpr std::array<char, 512> lower = digit_pairs("0123456789abcdef");

char* put_hex(char* to, std::string_view bytes, const std::array<char, 512>& pairs) {
  for (char c : bytes) {
    std::memcpy(to, pairs.data() + 2 * static_cast<unsigned char>(c), 2);
    to += 2;
  }
  return to;
}

char* put_hex_number(char* to, std::uint64_t number) {
  to = put(to, "0x");
  return std::to_chars(to, to + 16, number, 16).ptr;
}

std::int64_t signed_of(std::string_view bytes) {
  const std::uint64_t n = number_of(bytes);
  const unsigned unused = 64 - 8 * static_cast<unsigned>(bytes.size());
  return static_cast<std::int64_t>(n << unused) >> unused;
}

char* put_guid(char* to, const char* b, bool in_upper_case) {
  // The first three parts are numbers, least byte first.
  std::array<char, 16> bytes;
  for (std::size_t i = 0; i < 16; ++i) {
    constexpr std::array<std::uint8_t, 16> order{3, 2, 1, 0, 5, 4, 7, 6,
                                                 8, 9, 10, 11, 12, 13, 14, 15};
    bytes[i] = b[order[i]];
  }
  std::array<char, 32> digits;
  put_hex(digits.data(), {bytes.data(), bytes.size()}, in_upper_case ? upper : lower);
  *to++ = '{';
  to = put(to, {digits.data(), 8});
  for (const std::size_t at : {8u, 12u, 16u}) {
    *to++ = '-';
    to = put(to, {digits.data() + at, 4});
  }
  *to++ = '-';
  to = put(to, {digits.data() + 20, 12});
  *to++ = '}';
  return to;
}

char* put_date(char* to, std::int64_t year, std::uint32_t month, std::uint32_t day) {
  to = year < 10'000 ? put_digits<4>(to, static_cast<std::uint32_t>(year))
                     : std::to_chars(to, to + 20, year).ptr;
  *to++ = '-';
  to = put_digits<2>(to, month);
  *to++ = '-';
  return put_digits<2>(to, day);
}

char* put_time(char* to, std::uint32_t hour, std::uint32_t minute, std::uint32_t second) {
  *to++ = 'T';
  to = put_digits<2>(to, hour);
  *to++ = ':';
  to = put_digits<2>(to, minute);
  *to++ = ':';
  return put_digits<2>(to, second);
}

char* put_filetime(char* to, std::uint64_t ticks, Spelling spelling) {
  constexpr std::int64_t days_from_1601_to_1970 = 134'774;
  constexpr std::uint64_t ticks_per_second = 10'000'000, ticks_per_day = 86'400 * ticks_per_second;
  const auto days = static_cast<std::int64_t>(ticks / ticks_per_day);
  const base::Civil date = base::civil_from_days(days - days_from_1601_to_1970);
  const std::uint64_t of_day = ticks % ticks_per_day;
  const auto seconds = static_cast<std::uint32_t>(of_day / ticks_per_second);
  to = put_date(to, date.year, static_cast<std::uint32_t>(date.month),
                static_cast<std::uint32_t>(date.day));
  to = put_time(to, seconds / 3600, seconds / 60 % 60, seconds % 60);
  *to++ = '.';
  to = put_digits<7>(to, static_cast<std::uint32_t>(of_day % ticks_per_second));
  return put(to, spelling == Spelling::libevtx ? "00Z" : "Z");
}

char* put_systemtime(char* to, const char* b, Spelling spelling) {
  const auto part = [&](std::size_t i) { return std::uint32_t{u16(b + 2 * i)}; };  // 2: weekday
  to = put_date(to, part(0), part(1) % 100, part(3) % 100);
  to = put_time(to, part(4) % 100, part(5) % 100, part(6) % 100);
  *to++ = '.';
  to = put_digits<3>(to, part(7) % 1000);
  return put(to, spelling == Spelling::libevtx ? "Z" : "0000Z");
}

char* put_sid(char* to, std::string_view b) {
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | static_cast<unsigned char>(b[i]);
  to = put(to, "S-");
  to = put_number(to, static_cast<unsigned char>(b[0]));
  *to++ = '-';
  to = put_number(to, authority);
  const std::size_t parts =
      std::min<std::size_t>(static_cast<unsigned char>(b[1]), (b.size() - 8) / 4);
  for (std::size_t i = 0; i < parts; ++i) {
    *to++ = '-';
    to = put_number(to, u32(b.data() + 8 + 4 * i));
  }
  return to;
}

template <class T>
char* put_real(char* to, T number) {
  if (std::isnan(number)) return put(to, "NaN");
  if (std::isinf(number)) return put(to, number < 0 ? "-Infinity" : "Infinity");
  return std::to_chars(to, to + longest_number - 8, number).ptr;
}

// Code page 1252: Latin-1 but for what stands between 0x80 and 0x9F.
constexpr std::array<char16_t, 32> windows_1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char* put_ansi(char* to, std::string_view bytes, Escape escape) {
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const char16_t unit = byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
    const char units[] = {static_cast<char>(unit & 0xFF), static_cast<char>(unit >> 8)};
    to = write_utf16({units, 2}, escape, to);
  }
  return to;
}

std::string_view without_trailing_nul(std::string_view bytes, std::size_t unit) {
  if (unit == 2 && bytes.size() % 2 != 0) bytes.remove_suffix(1);
  while (bytes.size() >= unit && bytes.back() == '\0' && bytes[bytes.size() - unit] == '\0') {
    bytes.remove_suffix(unit);
  }
  return bytes;
}

// Bytes one item of an array takes; 0 for those that tell themselves.
std::size_t item_size(std::uint8_t type) {
  switch (type) {
    case type::int8:
    case type::uint8:
      return 1;
    case type::int16:
    case type::uint16:
      return 2;
    case type::int32:
    case type::uint32:
    case type::real32:
    case type::boolean:
    case type::hex32:
      return 4;
    case type::int64:
    case type::uint64:
    case type::real64:
    case type::size:
    case type::filetime:
    case type::hex64:
      return 8;
    case type::guid:
    case type::systemtime:
      return 16;
    default:
      return 0;
  }
}

}  // namespace

char* write_value(const RawValue& value, Escape escape, Spelling spelling, char* to) {
  const std::string_view bytes = value.bytes();
  const std::size_t size = bytes.size();
  if (size == 0) return to;
  const char* b = bytes.data();
  switch (value.type) {
    case type::null:
    case type::binxml:
      return to;
    case type::string:
    case type::evt_xml:
      return write_utf16(without_trailing_nul(bytes, 2), escape, to);
    case type::ansi:
      return put_ansi(to, without_trailing_nul(bytes, 1), escape);
    case type::int8:
    case type::int16:
    case type::int32:
    case type::int64:
      if (size > 8) break;
      return std::to_chars(to, to + 20, signed_of(bytes)).ptr;
    case type::uint8:
    case type::uint16:
    case type::uint32:
    case type::uint64:
      if (size > 8) break;
      return put_number(to, number_of(bytes));
    case type::size:
    case type::hex32:
    case type::hex64:
      if (size > 8) break;
      return put_hex_number(to, number_of(bytes));
    case type::real32:
    case type::real64:
      if (size == 4) return put_real(to, std::bit_cast<float>(u32(b)));
      if (size == 8) return put_real(to, std::bit_cast<double>(u64(b)));
      break;
    case type::boolean:  // Windows writes others than 0 and 1 too
      return put(to, std::ranges::all_of(bytes, [](char c) { return c == 0; }) ? "false" : "true");
    case type::guid:
      if (size != 16) break;
      return put_guid(to, b, spelling == Spelling::libevtx);
    case type::filetime:
      if (size != 8) break;
      return put_filetime(to, u64(b), spelling);
    case type::systemtime:
      if (size != 16) break;
      return put_systemtime(to, b, spelling);
    case type::sid:
      if (size < 8) break;
      return put_sid(to, bytes);
    default:
      break;
  }
  return put_hex(to, bytes, upper);
}

char* write_json(const RawValue& value, char* to) {
  switch (value.size == 0 ? type::null : value.type) {
    case type::string:
      *to++ = '"';
      to = write_utf16<Escape::json>(without_trailing_nul(value.bytes(), 2), to);
      *to++ = '"';
      return to;
    case type::int8:
    case type::int16:
    case type::int32:
    case type::int64:
    case type::uint8:
    case type::uint16:
    case type::uint32:
    case type::uint64:
      if (value.size > 8) break;
      [[fallthrough]];
    case type::boolean:
      return write_value(value, Escape::json, Spelling::evtx_dump, to);
    default:
      break;
  }
  *to++ = '"';
  to = write_value(value, Escape::json, Spelling::evtx_dump, to);
  *to++ = '"';
  return to;
}

std::optional<RawValue> take_item(std::uint8_t array_type, std::string_view& rest) {
  const auto type = static_cast<std::uint8_t>(array_type & ~type::array);
  if (rest.empty()) return std::nullopt;
  std::size_t size = item_size(type), end = size;
  if (type == type::string) {
    for (size = 0; size + 2 <= rest.size() && u16(rest.data() + size) != 0;) size += 2;
    end = std::min(size + 2, rest.size());
  } else if (type == type::ansi) {
    size = std::min(rest.find('\0'), rest.size());
    end = std::min(size + 1, rest.size());
  } else if (type == type::sid && rest.size() >= 8) {
    size = end = 8 + 4 * std::size_t{static_cast<unsigned char>(rest[1])};
  } else if (size == 0) {
    size = end = rest.size();  // no array is known of this type: one item
  }
  if (end > rest.size()) {
    rest = {};
    return std::nullopt;
  }
  const RawValue item{rest.data(), static_cast<std::uint32_t>(size), type};
  rest.remove_prefix(end);
  return item;
}

std::optional<std::uint64_t> integer_of(const RawValue& value) {
  if (value.size == 0 || value.size > 8) return std::nullopt;
  switch (value.type) {
    case type::int8:
    case type::int16:
    case type::int32:
    case type::int64:
      return static_cast<std::uint64_t>(signed_of(value.bytes()));
    case type::uint8:
    case type::uint16:
    case type::uint32:
    case type::uint64:
    case type::size:
    case type::hex32:
    case type::hex64:
      return number_of(value.bytes());
    default:
      return std::nullopt;
  }
}

}  // namespace escudo::sources
