#include "base/utf16.hpp"

#include <algorithm>

#include "catch.hpp"

using namespace escudo::base;

namespace {

std::string to_utf8(std::string_view bytes, bool little_endian = true) {
  std::string out;
  utf16_to_utf8(bytes, little_endian, out);
  return out;
}

std::string swapped(std::string bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
  return bytes;
}

}  // namespace

TEST_CASE("UTF-16 and UTF-8 go both ways") {
  for (const std::string_view text :
       {"", "cmd.exe", "é ß", "漢字 \u07FF\u0800\uFFFF", "\U00010000\U0010FFFF \U0001F600"}) {
    CAPTURE(text);
    const std::string utf16 = utf8_to_utf16le(text);
    CHECK(to_utf8(utf16) == text);
    CHECK(to_utf8(swapped(utf16), false) == text);
  }
  using namespace std::string_view_literals;
  CHECK(utf8_to_utf16le("aé\U0001F600") == "a\0\xE9\0\x3D\xD8\x00\xDE"sv);
  CHECK(to_utf8("\0a\0\xE9"sv, false) == "aé");
}

TEST_CASE("lone surrogates and invalid bytes become U+FFFD") {
  using namespace std::string_view_literals;
  CHECK(to_utf8("\x00\xD8"sv) == "\uFFFD");
  CHECK(to_utf8("\x00\xDC"sv) == "\uFFFD");
  CHECK(to_utf8("\x00\xD8"
                "a\0"sv) == "\uFFFDa");
  CHECK(to_utf8("\x00\xD8\x00\xD8\x00\xDC"sv) == "\uFFFD\U00010000");
  CHECK(to_utf8("\x00\xDC\x00\xD8"sv) == "\uFFFD\uFFFD");
  CHECK(to_utf8("a\0b"sv) == "a");  // an odd last byte
  CHECK(to_utf8("a"sv) == "");
  CHECK(utf8_to_utf16le("a\xFF") == "a\0\xFD\xFF"sv);
}

TEST_CASE("utf16_to_utf8 appends") {
  using namespace std::string_view_literals;
  std::string out = "x";
  utf16_to_utf8("y\0"sv, true, out);
  CHECK(out == "xy");
}
