// UTF-16 to UTF-8 in steps, against one unit at a time.

#include "sources/binxml/utf16_text.hpp"

#include <random>
#include <string>

#include "base/text.hpp"
#include "base/utf16.hpp"
#include "catch.hpp"
#include "sources/binxml/utf16_find.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

std::string written(std::string_view utf16, Escape escape) {
  std::string out(text_room(utf16.size(), escape), '\x55');
  char* const end = write_utf16(utf16, escape, out.data());
  REQUIRE(static_cast<std::size_t>(end - out.data()) <= out.size());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

std::string units(const std::u16string& text) {
  std::string out;
  for (char16_t unit : text) {
    out += static_cast<char>(unit & 0xFF);
    out += static_cast<char>(unit >> 8);
  }
  return out;
}

// The same by the plain converter, NUL aside.
std::string plainly(std::string_view utf16) {
  std::string out, text;
  base::utf16_to_utf8(utf16, true, text);
  for (char c : text) {
    if (c == '\0') {
      out += "\xEF\xBF\xBD";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("UTF-16 in steps: random text, every length and kind of unit") {
  std::mt19937 random(7);
  const char16_t kinds[] = {u'a',     u'Z',     u'&',  u'\0',  u'\x7F', u'\x80', u'é',
                            u'\x7FF', u'\x800', u'日', 0xD83D, 0xDE00,  0xFFFE,  0xFFFF};
  for (int round = 0; round < 4000; ++round) {
    std::u16string text(random() % 40, u'x');
    const unsigned odd = random() % 4;  // how many units are not plain
    for (unsigned i = 0; i < odd && !text.empty(); ++i) {
      text[random() % text.size()] = kinds[random() % std::size(kinds)];
    }
    const std::string bytes = units(text);
    CHECK(written(bytes, Escape::none) == plainly(bytes));
  }
}

TEST_CASE("UTF-16 escaped for JSON and XML, wherever in a step the character stands") {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string pad(before, 'p');
    const std::u16string text = std::u16string(before, u'p') + u"\"\\<>&'\x01\n" + u"end";
    const std::string bytes = units(text);
    CHECK(written(bytes, Escape::json) == pad + R"(\"\\<>&'\u0001\nend)");
    CHECK(written(bytes, Escape::xml_text) == pad + "\"\\&lt;&gt;&amp;'\xEF\xBF\xBD\nend");
    CHECK(written(bytes, Escape::xml_attribute) ==
          pad + "\"\\&lt;&gt;&amp;&apos;\xEF\xBF\xBD&#10;end");
  }
  CHECK(written(units(u"a") + "b", Escape::none) == "a");  // an odd last byte
}

TEST_CASE("UTF-16 keeps tabs and line ends of XML text, wherever in a step they stand") {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t behind = 0; behind < 40; behind += 3) {
      const std::u16string text =
          std::u16string(before, u'p') + u"\t\r\n" + std::u16string(behind, u's');
      const std::string same = std::string(before, 'p') + "\t\r\n" + std::string(behind, 's');
      CHECK(written(units(text), Escape::xml_text) == same);
      CHECK(written(units(text), Escape::none) == same);
    }
  }
}

TEST_CASE("a literal in UTF-16, against a plain search") {
  std::mt19937 random(11);
  const char16_t kinds[] = {u'a', u'B', u'b', u'@', u'`', u'[', u'{', 0x0161, 0x212A, u'k', u'K', 0x4100};
  const std::string_view literals[] = {"a", "b", "@", "`", "{", "k", "ab", "kab", "b`b", "{k{", "abkba"};
  std::size_t found = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::u16string text(random() % 30, u'x');
    for (char16_t& unit : text) unit = kinds[random() % std::size(kinds)];
    std::string bytes = units(text);
    if (round % 5 == 0) bytes += 'a';
    std::string plain;
    base::utf16_to_utf8(bytes, true, plain);
    for (const std::string_view literal : literals) {
      const bool there = base::icontains(plain, literal);
      found += there ? 1 : 0;
      if (utf16_contains(bytes, literal) != there) FAIL_CHECK(plain << " " << literal);
    }
  }
  CHECK(found > 10'000);
}
