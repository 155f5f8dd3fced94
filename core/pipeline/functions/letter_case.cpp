#include "pipeline/functions/letter_case.hpp"

#include "base/utf8.hpp"

namespace escudo::pipeline {
namespace {

// Upper-case letters first..last; the small one of each stands `distance` behind it. In a range of
// pairs (distance 1) only every second letter, from the first on, is upper case.
struct Letters {
  char32_t first, last;
  char32_t distance;
};
constexpr Letters kLetters[] = {
    {0x00C0, 0x00D6, 32}, {0x00D8, 0x00DE, 32},                       // Latin-1, without ×
    {0x0100, 0x012E, 1},  {0x0132, 0x0136, 1},  {0x0139, 0x0147, 1},  // Latin Extended-A
    {0x014A, 0x0176, 1},  {0x0179, 0x017D, 1},  {0x0386, 0x0386, 38},
    {0x0388, 0x038A, 37}, {0x038C, 0x038C, 64}, {0x038E, 0x038F, 63},
    {0x0391, 0x03A1, 32}, {0x03A3, 0x03AB, 32},                       // Greek
    {0x0400, 0x040F, 80}, {0x0410, 0x042F, 32}, {0x0460, 0x0480, 1},  // Cyrillic
    {0x048A, 0x04BE, 1},  {0x04C1, 0x04CD, 1},  {0x04D0, 0x052E, 1},
    {0x0531, 0x0556, 48},  // Armenian
};

bool is_upper(const Letters& l, char32_t c) {
  return c >= l.first && c <= l.last && (l.distance > 1 || (c - l.first) % 2 == 0);
}

char32_t lower(char32_t c) {
  if (c == 0x0178) return 0x00FF;  // Ÿ
  for (const Letters& l : kLetters)
    if (is_upper(l, c)) return c + l.distance;
  return c;
}

char32_t upper(char32_t c) {
  if (c == 0x00FF) return 0x0178;
  if (c == 0x03C2) return 0x03A3;  // ς, the sigma at the end of a word
  for (const Letters& l : kLetters)
    if (c >= l.distance && is_upper(l, c - l.distance)) return c - l.distance;
  return c;
}

template <class Ascii>
std::string mapped(std::string_view s, Ascii ascii, char32_t (*beyond)(char32_t)) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) {
    if (static_cast<unsigned char>(s[at]) < 0x80) {
      out += ascii(s[at++]);
      continue;
    }
    const base::Utf8Char c = base::decode_utf8(s, at);
    if (c.valid)
      base::append_utf8(out, beyond(c.code));
    else
      out.append(s, at, c.bytes);
    at += c.bytes;
  }
  return out;
}

}  // namespace

std::string upper_case(std::string_view s) {
  return mapped(
      s, [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }, upper);
}

std::string lower_case(std::string_view s) {
  return mapped(
      s, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }, lower);
}

}  // namespace escudo::pipeline
