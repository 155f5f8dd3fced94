#include "sources/lines.hpp"

#include <vector>

#include "catch.hpp"

using namespace escudo::sources;

namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t block,
                                  std::uint64_t limit = 100) {
  TextWindow window(memory_bytes(text, nullptr), block);
  Lines lines(window, limit);
  std::vector<std::string> out;
  std::size_t bytes = 0;
  for (;;) {
    const Lines::Line line = lines.next();
    if (line.kind == Lines::Line::Kind::end) break;
    bytes += line.bytes;
    out.push_back(line.kind == Lines::Line::Kind::too_large ? "(too large)"
                                                            : std::string(line.text));
    if (!line.whole) out.back() += "(no end)";
  }
  CHECK(bytes == text.size());
  return out;
}

}  // namespace

TEST_CASE("lines, wherever blocks end") {
  for (std::size_t block : {1, 2, 3, 7, 64}) {
    CAPTURE(block);
    CHECK(lines_of("one\r\ntwo\n\nlast", block) ==
          std::vector<std::string>{"one", "two", "", "last(no end)"});
    CHECK(lines_of("", block).empty());
    CHECK(lines_of("\n", block) == std::vector<std::string>{""});
  }
}

TEST_CASE("a line beyond the limit is passed over, the next one is read") {
  for (std::size_t block : {1, 5, 64}) {
    CAPTURE(block);
    CHECK(lines_of("short\n" + std::string(500, 'x') + "\nnext\n", block) ==
          std::vector<std::string>{"short", "(too large)", "next"});
  }
}

TEST_CASE("what is not UTF-8 is repaired") {
  CHECK(lines_of("a\xFF"
                 "b\n",
                 64) == std::vector<std::string>{"a\xEF\xBF\xBD"
                                                 "b"});
}
