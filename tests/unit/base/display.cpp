#include "base/text.hpp"

#include "catch.hpp"

using namespace escudo::base;

TEST_CASE("what a terminal would obey comes out harmless") {
  struct Row {
    std::string_view in, out;
  };
  const Row rows[] = {
      {"", ""},
      {"C:\\Windows\\cmd.exe /c \"x\" ~", "C:\\Windows\\cmd.exe /c \"x\" ~"},
      {"\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"},
      {std::string_view("a\0b\t\r\n", 6), "a\\x00b\\x09\\x0d\\x0a"},
      {"\x7f", "\\x7f"},
      {"\xC2\x9B", "\\u{009b}"},                     // C1's own escape sequence introducer
      {"\x9B", "\\x9b"},                             // the same as a bare byte
      {"a\u202Egpj.exe", "a\\u{202e}gpj.exe"},       // right-to-left override
      {"\u2066\u2069\u061C", "\\u{2066}\\u{2069}\\u{061c}"},
      {"wm\u200Bic", "wm\\u{200b}ic"},
      {"\uFEFF\u2060\u00AD", "\\u{feff}\\u{2060}\\u{00ad}"},
      {"\u2028", "\\u{2028}"},
      {"\U000E0041", "\\u{e0041}"},
      {"\xC3\xA9 漢 \U0001F600", "\xC3\xA9 漢 \U0001F600"},
      {"\xFF\xE2\x82", "\\xff\\xe2\\x82"},
      {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.in);
    CHECK(harmless(row.in) == row.out);
    CHECK(is_utf8(harmless(row.in)));
  }
}

TEST_CASE("harmless text is left as it is when made harmless again") {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  CHECK(harmless(harmless(all)) == harmless(all));
}

TEST_CASE("display width counts columns, not bytes") {
  struct Row {
    std::string_view text;
    int columns;
  };
  const Row rows[] = {
      {"", 0},          {"abc ~", 5},        {"é", 1},        {"e\u0301", 1},  {"漢字", 4},
      {"한국", 4},      {"ｗｍｉｃ", 8},     {"\U0001F600", 2}, {"Привет", 6},  {"\u200B", 0},
      {"\x1b", 0},      {"\xFF", 1},         {"\u3042", 2},   {"\uFF71", 1},   {"\U00020000", 2},
      {"\u0E01\u0E34", 1}, {"a\uFE0F", 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(display_width(row.text) == row.columns);
  }
}
