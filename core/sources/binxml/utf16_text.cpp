// Tested by tests/unit/sources/utf16_text.cpp, against base/utf16 on random text.

#include "sources/binxml/utf16_text.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#include "sources/binxml/little_endian.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace escudo::sources {
namespace {

// What is written for an ASCII character, which often is itself. One store writes it: all of `text`
// and what is left behind its end is written over.
struct Entry {
  char text[7] = {};
  std::uint8_t size = 0;

  constexpr void operator=(std::string_view from) {
    size = static_cast<std::uint8_t>(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) text[i] = from[i];
  }
};
using Table = std::array<Entry, 128>;

constexpr Table identity_table() {
  Table table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    table[c].text[0] = static_cast<char>(c);
    table[c].size = 1;
  }
  return table;
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

constexpr Table xml_table(bool attribute) {
  Table table = identity_table();
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = replacement;
  table['\t'] = attribute ? "&#9;" : "\t";
  table['\n'] = attribute ? "&#10;" : "\n";
  table['\r'] = attribute ? "&#13;" : "\r";
  table['&'] = "&amp;";
  table['<'] = "&lt;";
  table['>'] = "&gt;";
  if (attribute) table['\''] = "&apos;";
  return table;
}

constexpr char controls[33][7] = {
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
    "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",     "\\u000e", "\\u000f",
    "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
    "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f"};

constexpr Table json_table() {
  Table table = identity_table();
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = std::string_view(controls[c]);
  table['"'] = "\\\"";
  table['\\'] = "\\\\";
  return table;
}

constexpr Table plain_table() {
  Table table = identity_table();
  table[0] = replacement;  // nobody behind us expects one within a value
  return table;
}

template <Escape escape>
constexpr Table table = escape == Escape::none       ? plain_table()
                        : escape == Escape::json     ? json_table()
                        : escape == Escape::xml_text ? xml_table(false)
                                                     : xml_table(true);

template <Escape escape>
char* put_ascii(char* to, std::uint32_t c) {
  const Entry& entry = table<escape>[c];
  static_assert(sizeof entry == 8);
  std::memcpy(to, &entry, sizeof entry);
  return to + entry.size;
}

char* put_code(char* to, std::uint32_t code) {
  const auto byte = [](std::uint32_t b) { return static_cast<char>(b); };
  if (code < 0x800) {
    *to++ = byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      *to++ = byte(0xE0 | code >> 12);
    } else {
      *to++ = byte(0xF0 | code >> 18);
      *to++ = byte(0x80 | (code >> 12 & 0x3F));
    }
    *to++ = byte(0x80 | (code >> 6 & 0x3F));
  }
  *to++ = byte(0x80 | (code & 0x3F));
  return to;
}

// The unit at `at`, or a pair of surrogates.
template <Escape escape>
char* put_unit(const char*& at, const char* end, char* to) {
  std::uint32_t code = u16(at);
  at += 2;
  if (code < 0x80) return put_ascii<escape>(to, code);
  if (code >= 0xD800 && code < 0xE000) {
    const bool pair = code < 0xDC00 && at != end && (u16(at) & 0xFC00) == 0xDC00;
    if (pair) {
      code = 0x10000 + ((code - 0xD800) << 10) + (u16(at) - 0xDC00u);
      at += 2;
    } else {
      code = 0xFFFD;
    }
  }
  return put_code(to, code);
}

#if defined(__SSE2__)
// Which of 16 units, packed with saturation, are not written as they are, one bit each. Beyond
// ASCII they are negative now, or zero.
template <Escape escape>
unsigned special(__m128i text) {
  const auto is = [&](char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
  __m128i found = _mm_cmplt_epi8(text, _mm_set1_epi8(escape == Escape::none ? 1 : 0x20));
  if constexpr (escape == Escape::json) {
    found = _mm_or_si128(found, _mm_or_si128(is('"'), is('\\')));
  } else if constexpr (escape != Escape::none) {
    found = _mm_or_si128(found, _mm_or_si128(is('&'), _mm_or_si128(is('<'), is('>'))));
    if constexpr (escape == Escape::xml_attribute) found = _mm_or_si128(found, is('\''));
  }
  return static_cast<unsigned>(_mm_movemask_epi8(found));
}

__m128i load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

// Two to fourteen bytes, the rest zero.
__m128i load_few(const char* at, std::size_t size) {
  std::uint64_t low = 0, high = 0;
  if (size >= 8) {
    low = u64(at);
    // In two shifts: by 64 at once would be none.
    high = u64(at + size - 8) >> 1 >> (8 * (16 - size) - 1);
  } else if (size >= 4) {
    low = u32(at) | std::uint64_t{u32(at + size - 4)} << (8 * (size - 4));
  } else {
    low = u16(at);
  }
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}
#endif

template <Escape escape>
char* write_units(std::string_view utf16, char* to) {
  const char* at = utf16.data();
  const char* const end = at + (utf16.size() & ~std::size_t{1});
#if defined(__SSE2__)
  // The stores of a step may go past the text so far, within the room.
  while (end - at >= 32) {
    const __m128i text = _mm_packus_epi16(load(at), load(at + 16));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), text);
    const unsigned bad = special<escape>(text);
    const int run = bad == 0 ? 16 : __builtin_ctz(bad);
    at += 2 * run;
    to += run;
    if (bad != 0) to = put_unit<escape>(at, end, to);
  }
  while (end - at >= 16) {
    const __m128i units = load(at), text = _mm_packus_epi16(units, units);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), text);
    const unsigned bad = special<escape>(text) & 0xFF;
    const int run = bad == 0 ? 8 : __builtin_ctz(bad);
    at += 2 * run;
    to += run;
    if (bad != 0) to = put_unit<escape>(at, end, to);
  }
  while (at < end) {
    const auto size = static_cast<std::size_t>(end - at);
    const __m128i units = load_few(at, size), text = _mm_packus_epi16(units, units);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), text);
    const int left = static_cast<int>(size / 2);
    const unsigned bad = special<escape>(text) | 1u << left;
    const int run = __builtin_ctz(bad);
    at += 2 * run;
    to += run;
    if (run != left) to = put_unit<escape>(at, end, to);
  }
#else
  while (at < end) to = put_unit<escape>(at, end, to);
#endif
  return to;
}

template <Escape escape>
char* write_bytes(std::string_view utf8, char* to) {
  for (char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      to = put_ascii<escape>(to, byte);
    } else {
      *to++ = c;
    }
  }
  return to;
}

}  // namespace

template <Escape escape>
char* write_utf16(std::string_view utf16, char* to) {
  return write_units<escape>(utf16, to);
}
template char* write_utf16<Escape::none>(std::string_view, char*);
template char* write_utf16<Escape::json>(std::string_view, char*);
template char* write_utf16<Escape::xml_text>(std::string_view, char*);
template char* write_utf16<Escape::xml_attribute>(std::string_view, char*);

char* write_utf16(std::string_view utf16, Escape escape, char* to) {
  switch (escape) {
    case Escape::none:
      return write_units<Escape::none>(utf16, to);
    case Escape::json:
      return write_units<Escape::json>(utf16, to);
    case Escape::xml_text:
      return write_units<Escape::xml_text>(utf16, to);
    case Escape::xml_attribute:
      return write_units<Escape::xml_attribute>(utf16, to);
  }
  return to;
}

char* write_utf8(std::string_view utf8, Escape escape, char* to) {
  switch (escape) {
    case Escape::none:
      return write_bytes<Escape::none>(utf8, to);
    case Escape::json:
      return write_bytes<Escape::json>(utf8, to);
    case Escape::xml_text:
      return write_bytes<Escape::xml_text>(utf8, to);
    case Escape::xml_attribute:
      return write_bytes<Escape::xml_attribute>(utf8, to);
  }
  return to;
}

}  // namespace escudo::sources
