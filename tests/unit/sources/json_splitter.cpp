#include "sources/jsonl/splitter.hpp"

#include "catch.hpp"
#include "sources/jsonl/repair.hpp"

using namespace escudo::sources;

namespace {

// Every piece as "kind:text"; what `bad` holds is said to be no JSON.
std::vector<std::string> pieces(const std::string& text, std::uint64_t limit = 1000,
                                const std::string& bad = "\x01", std::size_t block = 256 * 1024) {
  TextWindow window(memory_bytes(text, nullptr), block);
  JsonSplitter splitter(window, limit);
  std::vector<std::string> out;
  for (;;) {
    const JsonPiece piece = splitter.next();
    if (piece.kind == JsonPiece::Kind::end) return out;
    const std::string held(piece.text);
    if (piece.kind == JsonPiece::Kind::object && held.find(bad) != std::string::npos) {
      if (!splitter.rescan()) out.push_back("bad:" + held);
      continue;
    }
    const char* kinds[] = {"object:", "torn:", "large:", "junk:"};
    out.push_back(kinds[static_cast<int>(piece.kind)] + held);
  }
}

using Pieces = std::vector<std::string>;

}  // namespace

TEST_CASE("JSON splitter: braces within strings, escapes, nesting") {
  CHECK(pieces(R"([{"a":"}{"},{"b":"\"}"},{"c":{"d":[{}]}}])") ==
        Pieces{R"(object:{"a":"}{"})", R"(object:{"b":"\"}"})", R"(object:{"c":{"d":[{}]}})"});
}

TEST_CASE("JSON splitter: a line that is no object is followed by its braces") {
  CHECK(pieces("{\"a\":1}{\"b\":2}\n{\"c\":3}\n", 1000, "}{") ==
        Pieces{"object:{\"a\":1}", "object:{\"b\":2}", "object:{\"c\":3}"});
  CHECK(pieces("{\"a\":BAD}\n{\"c\":3}\n", 1000, "BAD") ==
        Pieces{"bad:{\"a\":BAD}", "object:{\"c\":3}"});
}

TEST_CASE("JSON splitter: a line break within a string ends what is torn") {
  CHECK(pieces("[{\"a\":\"x\n{\"c\":3}]") == Pieces{"torn:{\"a\":\"x\n", "object:{\"c\":3}"});
}

TEST_CASE("JSON splitter: a torn object does not swallow the next line") {
  CHECK(pieces("{\"a\":[1,2\n{\"b\":1}\n{\"c\":1}\n") ==
        Pieces{"torn:{\"a\":[1,2\n", "object:{\"b\":1}", "object:{\"c\":1}"});
  CHECK(pieces("{\"z\":0}\n{\"a\":\n{\"b\":1}\n") ==
        Pieces{"object:{\"z\":0}", "torn:{\"a\":\n", "object:{\"b\":1}"});
}

TEST_CASE("JSON splitter: values at the start of a line belong to the object") {
  const std::string odd = "{\"a\":\n{\"b\":1},\n\"c\":[\n{\"d\":1},\n{\"e\":1}\n]}";
  CHECK(pieces(odd) == Pieces{"object:" + odd});
}

TEST_CASE("JSON splitter: too large") {
  const std::string large = "{\"a\":\"" + std::string(1'000'000, 'x') + "\"}";
  const auto parts = pieces("[{\"b\":1}," + large + ",{\"c\":1}]");
  REQUIRE(parts.size() == 3);
  CHECK(parts[0] == "object:{\"b\":1}");
  CHECK(parts[1].substr(0, 14) == "large:{\"a\":\"xx");
  CHECK(parts[2] == "object:{\"c\":1}");
}

TEST_CASE("JSON splitter: junk is told by the line") {
  CHECK(
      pieces("{\"b\":1}\nnonsense\n\n12\n{\"c\":1} trailing\n") ==
      Pieces{"object:{\"b\":1}", "junk:nonsense", "junk:12", "object:{\"c\":1}", "junk:trailing"});
}

TEST_CASE("JSON splitter: where a block of the input ends makes no difference") {
  const std::string text =
      "[{\"a\":\"}{\\\"\"},{\"b\":[{}]}]\n{\"c\":1}\n{\"d\":BAD}\n{\"e\":\"x\n{\"f\":1}{\"g\":2}\n"
      "nonsense\n{\n  \"h\": {\n    \"i\": 1\n  }\n}\nRecord 3\n{\"j\":[1\n{\"k\":1}\n{\"l\":";
  const Pieces whole = pieces(text, 1000, "BAD");
  CHECK(whole.size() == 12);
  for (std::size_t block = 1; block < text.size(); ++block) {
    CAPTURE(block);
    CHECK(pieces(text, 1000, "BAD", block) == whole);
  }
}

TEST_CASE("repairs leave good JSON alone") {
  const std::string good =
      R"({"a":"\u00e9\\\"\ud83d\udc22","n":[-1.5e3,12],"s":"123456789012345678901"})";
  CHECK(repair_json(good) == good);
  CHECK(repair_json("{\"a\":\"\\ud800\\u0041\\udc00\",\"b\":\"\t\"}") ==
        R"({"a":"\ufffd\u0041\ufffd","b":"\u0009"})");
  CHECK(repair_json("{\"n\":-1234567890123456789}") == "{\"n\":\"-1234567890123456789\"}");
  CHECK(repair_json("\"\\") == "\"\\");
  CHECK(repair_json("\"\\u12") == "\"\\u12");
}
