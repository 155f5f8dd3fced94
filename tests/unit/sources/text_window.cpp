#include "sources/text_window.hpp"

#include "base/utf16.hpp"
#include "catch.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

std::string all_of(TextWindow& window) {
  while (window.more()) {
  }
  return std::string(window.text());
}

std::string converted(std::string bytes) {
  TextWindow window(memory_bytes(std::move(bytes), nullptr));
  return all_of(window);
}

}  // namespace

TEST_CASE("UTF-16 is converted across blocks, surrogate pairs too") {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += i % 3 ? "\xF0\x9F\x90\xA2" : "a";
  const std::string little = base::utf8_to_utf16le(text);
  CHECK(converted("\xFF\xFE" + little) == text);
  CHECK(converted(std::string("\xFF\xFE") + std::string("x\0", 2) + little) == "x" + text);
  std::string big;
  for (std::size_t i = 0; i < little.size(); i += 2) big += {little[i + 1], little[i]};
  CHECK(converted("\xFE\xFF" + big) == text);
}

TEST_CASE("the window keeps what is not consumed and grows for it") {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i) + "\n";
  TextWindow window(memory_bytes(text, nullptr));
  std::string seen;
  while (window.more()) {
    const std::size_t half = window.text().size() / 3;
    seen += window.text().substr(0, half);
    window.consume(half);
  }
  seen += window.text();
  CHECK(seen == text);
  CHECK(window.at_end());
  CHECK(window.bytes_read() == text.size());
  CHECK_FALSE(window.more());
}

TEST_CASE("half a character at the end is told") {
  TextWindow window(memory_bytes(std::string("\xFF\xFE"
                                             "a\0b",
                                             5),
                                 nullptr));
  CHECK(all_of(window) == "a");
  CHECK(window.ends_in_half_a_character());
}

TEST_CASE("nothing") {
  CHECK(converted("").empty());
  CHECK(converted("\xEF\xBB\xBF").empty());
}
