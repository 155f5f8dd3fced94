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

// What stands for an ASCII character; an empty one stands for itself.
using Table = std::array<std::string_view, 128>;

constexpr std::string_view replacement = "\xEF\xBF\xBD";

constexpr Table xml_table(bool attribute) {
  Table table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = replacement;
  table['\t'] = attribute ? "&#9;" : "";
  table['\n'] = attribute ? "&#10;" : "";
  table['\r'] = attribute ? "&#13;" : "";
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
  Table table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = controls[c];
  table['"'] = "\\\"";
  table['\\'] = "\\\\";
  return table;
}

constexpr Table plain_table() {
  Table table{};
  table[0] = replacement;  // nobody behind us expects one within a value
  return table;
}

template <Escape escape>
constexpr Table table = escape == Escape::none       ? plain_table()
                        : escape == Escape::json     ? json_table()
                        : escape == Escape::xml_text ? xml_table(false)
                                                     : xml_table(true);

char* put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
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

#if defined(__SSE2__)
// Which of 16 ASCII bytes need a replacement, one bit each.
template <Escape escape>
int special(__m128i text) {
  const auto is = [&](char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
  if constexpr (escape == Escape::none) return _mm_movemask_epi8(is(0));
  __m128i found = _mm_cmplt_epi8(text, _mm_set1_epi8(0x20));
  if constexpr (escape == Escape::json) {
    found = _mm_or_si128(found, _mm_or_si128(is('"'), is('\\')));
  } else {
    found = _mm_or_si128(found, _mm_or_si128(is('&'), _mm_or_si128(is('<'), is('>'))));
    if constexpr (escape == Escape::xml_attribute) found = _mm_or_si128(found, is('\''));
  }
  return _mm_movemask_epi8(found);
}
#endif

// From `at`, as many plain ASCII units as there are: copied in steps of 8 or 16, the last step may
// write past `to`, within the room.
template <Escape escape>
const char* copy_plain(const char* at, const char* end, char*& to) {
#if defined(__SSE2__)
  const __m128i beyond = _mm_set1_epi16(static_cast<short>(0xFF80));
  while (end - at >= 16) {
    const __m128i units = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i wide = _mm_cmpeq_epi16(_mm_and_si128(units, beyond), _mm_setzero_si128());
    const int ascii = _mm_movemask_epi8(wide);
    const __m128i text = _mm_packus_epi16(units, units);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), text);
    const int bad = (special<escape>(text) & 0xFF);
    if (ascii == 0xFFFF && bad == 0) {
      at += 16;
      to += 8;
      continue;
    }
    int run = bad == 0 ? 8 : __builtin_ctz(static_cast<unsigned>(bad));
    if (ascii != 0xFFFF) {
      const int units_run = __builtin_ctz(static_cast<unsigned>(~ascii)) / 2;
      run = run < units_run ? run : units_run;
    }
    to += run;
    return at + 2 * run;
  }
  if (end - at >= 8) {
    const __m128i units = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
    const __m128i wide = _mm_cmpeq_epi16(_mm_and_si128(units, beyond), _mm_setzero_si128());
    const __m128i text = _mm_packus_epi16(units, units);
    if ((_mm_movemask_epi8(wide) & 0xFF) == 0xFF && (special<escape>(text) & 0xF) == 0) {
      const int four = _mm_cvtsi128_si32(text);
      std::memcpy(to, &four, 4);
      at += 8;
      to += 4;
    }
  }
#endif
  for (; end - at >= 2; at += 2) {
    const std::uint16_t unit = u16(at);
    if (unit >= 0x80 || !table<escape>[unit].empty()) return at;
    *to++ = static_cast<char>(unit);
  }
  return at;
}

template <Escape escape>
char* write_units(std::string_view utf16, char* to) {
  const char* at = utf16.data();
  const char* const end = at + (utf16.size() & ~std::size_t{1});
  for (;;) {
    at = copy_plain<escape>(at, end, to);
    if (at == end) return to;
    std::uint32_t code = u16(at);
    at += 2;
    if (code < 0x80) {
      to = put(to, table<escape>[code]);
      continue;
    }
    if (code >= 0xD800 && code < 0xE000) {
      const bool pair = code < 0xDC00 && at != end && (u16(at) & 0xFC00) == 0xDC00;
      if (pair) {
        code = 0x10000 + ((code - 0xD800) << 10) + (u16(at) - 0xDC00u);
        at += 2;
      } else {
        code = 0xFFFD;
      }
    }
    to = put_code(to, code);
  }
}

template <Escape escape>
char* write_bytes(std::string_view utf8, char* to) {
  for (char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && !table<escape>[byte].empty()) {
      to = put(to, table<escape>[byte]);
    } else {
      *to++ = c;
    }
  }
  return to;
}

}  // namespace

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
