// Tested by tests/unit/sources/utf16_text.cpp.

#include "sources/binxml/utf16_find.hpp"

#include <cstdint>

#include "sources/binxml/little_endian.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace escudo::sources {
namespace {

// The bit that tells a capital letter from a small one.
std::uint16_t case_bit(char c) { return c >= 'a' && c <= 'z' ? 0x20 : 0; }

bool stands_at(const char* at, std::string_view literal) {
  for (const char c : literal) {
    if ((u16(at) | case_bit(c)) != static_cast<unsigned char>(c)) return false;
    at += 2;
  }
  return true;
}

}  // namespace

bool utf16_contains(std::string_view utf16, std::string_view literal) {
  const std::size_t units = utf16.size() / 2;
  if (units < literal.size()) return false;
  const char* at = utf16.data();
  const char* const end = at + 2 * (units - literal.size() + 1);  // of places where it may begin
#if defined(__SSE2__)
  const auto all = [](int n) { return _mm_set1_epi16(static_cast<short>(n)); };
  const auto load = [](const char* p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  };
  const char first = literal.front(), last = literal.back();
  const __m128i first_bit = all(case_bit(first)), last_bit = all(case_bit(last));
  const __m128i first_unit = all(first), last_unit = all(last);
  const std::size_t to_last = 2 * (literal.size() - 1);
  for (; end - at >= 16; at += 16) {
    const __m128i begins = _mm_cmpeq_epi16(_mm_or_si128(load(at), first_bit), first_unit);
    const __m128i ends = _mm_cmpeq_epi16(_mm_or_si128(load(at + to_last), last_bit), last_unit);
    auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(begins, ends))) & 0x5555u;
    for (; found != 0; found &= found - 1) {
      if (stands_at(at + __builtin_ctz(found), literal)) return true;
    }
  }
#endif
  for (; at < end; at += 2) {
    if (stands_at(at, literal)) return true;
  }
  return false;
}

}  // namespace escudo::sources
