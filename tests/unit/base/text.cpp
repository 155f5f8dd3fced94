#include "base/text.hpp"

#include "catch.hpp"

using namespace escudo::base;

TEST_CASE("ASCII case helpers leave other letters alone") {
  CHECK(to_lower("WMIC.exe \xC3\x89") == "wmic.exe \xC3\x89");
  CHECK(iequals("CMD.EXE", "cmd.exe"));
  CHECK_FALSE(iequals("cmd.exe", "cmd.ex"));
  CHECK_FALSE(iequals("\xC3\x89", "\xC3\xA9"));
  CHECK_FALSE(iequals("@", "`"));  // 32 apart, but no letters
  CHECK(istarts_with("XmlWinEventLog:Security", "xmlwineventlog:"));
  CHECK_FALSE(istarts_with("Xml", "xmlwin"));
  CHECK(istarts_with("x", ""));
  CHECK(icontains("C:\\Windows\\System32", "\\SYSTEM"));
  CHECK_FALSE(icontains("abc", "abcd"));
  CHECK(icontains("abc", ""));
  CHECK(icontains("", ""));
}

TEST_CASE("trim and split") {
  CHECK(trim(" \t\r\n a b \v\f") == "a b");
  CHECK(trim(" \n") == "");
  CHECK(split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
  CHECK(split("", ',') == std::vector<std::string_view>{""});
}

TEST_CASE("replace_all goes on behind what it put in") {
  CHECK(replace_all("aaa", "a", "aa") == "aaaaaa");
  CHECK(replace_all("a&amp;amp;", "&amp;", "&") == "a&amp;");
  CHECK(replace_all("abc", "", "x") == "abc");
  CHECK(replace_all("abc", "abc", "") == "");
}

TEST_CASE("nearest suggests only what is near") {
  const std::vector<std::string> names = {"process_wmic", "process_cmd", "ctime", "process_net"};
  CHECK(nearest("proces_wmic", names) == "process_wmic");
  CHECK(nearest("PROCESS_WMIC", names) == "process_wmic");
  CHECK(nearest("ctmie", names) == "ctime");  // a swap is one edit
  CHECK(nearest("lookup", names) == "");
  CHECK(nearest("", names) == "");
  CHECK(nearest("x", {}) == "");
  CHECK(nearest(std::string(100'000, 'x'), names) == "");
  CHECK(nearest("ab", {"ab"}) == "ab");
}

TEST_CASE("invalid UTF-8 is found and repaired by maximal subparts") {
  struct Row {
    std::string_view in, out;
  };
  const Row rows[] = {
      {"", ""},
      {"plain \xC3\xA9 \xE2\x82\xAC", "plain \xC3\xA9 \xE2\x82\xAC"},
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
      {"a\xFFz", "a\xEF\xBF\xBDz"},
      {"\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xE2\x82", "\xEF\xBF\xBD"},                              // cut short: one
      {"\xE2\x82z", "\xEF\xBF\xBDz"},
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                  // overlong
      {"\xE0\x80\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // a surrogate
      {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
      {"\xF0\x9F\x98", "\xEF\xBF\xBD"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.in);
    CHECK(is_utf8(row.in) == (row.in == row.out));
    std::string text(row.in);
    CHECK(repair_utf8(text) == (row.in != row.out));
    CHECK(text == row.out);
    CHECK(is_utf8(text));
  }
}

TEST_CASE("fold_case goes beyond ASCII, one code point to one") {
  struct Row {
    std::string_view in, out;
  };
  const Row rows[] = {
      {"ABC xyz 019 [\\]", "abc xyz 019 [\\]"},
      {"\xC3\x80\xC3\x96\xC3\x97\xC3\x98\xC3\x9E", "\xC3\xA0\xC3\xB6\xC3\x97\xC3\xB8\xC3\xBE"},
      {"ÄÖÜ ß ẞ", "äöü ß ß"},
      {"ĀĂŁŽŸ", "āăłžÿ"},
      {"ǄǅǊ", "ǆǆǌ"},
      {"ΑΒΓ Σς", "αβγ σσ"},
      {"АБВ ЁЀ Ѡ", "абв ёѐ ѡ"},
      {"ԱՖ", "աֆ"},
      {"ႠჅ Ა", "ⴀⴥ ა"},
      {"ＡＺ", "ａｚ"},
      {"𐐀", "𐐨"},
      {"Ḁ Ỹ ἈΏ", "ḁ ỹ ἀώ"},
      // These would fold to ASCII letters: they stay.
      {"\u0130 \u017F \u212A", "\u0130 \u017F \u212A"},
      {"漢字 عربي", "漢字 عربي"},
      {"A\xFF\xC3Z", "a\xFF\xC3z"},
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.in);
    CHECK(fold_case(row.in) == row.out);
    CHECK(fold_case(row.out) == row.out);
  }
}
