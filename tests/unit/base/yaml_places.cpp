// complain() and complain_at(): from a value back to the characters it was written with.

#include "base/yaml.hpp"
#include "catch.hpp"

using namespace escudo::base;

namespace {

// What a complaint about `word` in the value of key `v` underlines: "line:column text".
std::string underlined(std::string_view source, std::string_view word) {
  Diagnostics problems;
  const auto yaml = Yaml::parse(source, "x.yml", problems);
  if (!yaml) FAIL(problems.back().render());
  const Yaml node = (*yaml)["v"];
  const std::size_t begin = node.text().find(word);
  if (begin == std::string::npos) FAIL("no " << word << " in " << node.text());
  const Span span{static_cast<std::uint32_t>(begin),
                  static_cast<std::uint32_t>(begin + word.size())};
  const Diagnostic d = node.complain_at(span, "c", "m");
  return std::to_string(d.line) + ":" + std::to_string(d.column) + " " +
         d.excerpt.substr(d.column - 1, d.width);
}

std::string whole(std::string_view source) {
  Diagnostics problems;
  const auto yaml = Yaml::parse(source, "x.yml", problems);
  if (!yaml) FAIL(problems.back().render());
  const Diagnostic d = (*yaml)["v"].complain("c", "m");
  return std::to_string(d.line) + ":" + std::to_string(d.column) + " " +
         d.excerpt.substr(d.column - 1, d.width);
}

}  // namespace

TEST_CASE("places in a value are followed back to the source") {
  struct Row {
    std::string_view source, word, place;
  };
  const Row rows[] = {
      // plain
      {"v: one two\n", "two", "1:8 two"},
      {"v: one\n  two\n\n  three four\nw: 1\n", "two", "2:3 two"},
      {"v: one\n  two\n\n  three four\nw: 1\n", "four", "4:9 four"},
      {"v:\n    far away\n", "away", "2:9 away"},
      {"v: one   two\n", "two", "1:10 two"},
      {"v: one two # three\n", "two", "1:8 two"},
      {"w: 1\nv: {x: y}\n", "", "2:4 {"},
      {"v: !!str one two\n", "two", "1:14 two"},
      {"v: é two\n", "two", "1:7 two"},
      // single quotes
      {"v: 'it''s a two'\n", "two", "1:13 two"},
      {"v: 'it''s a two'\n", "it's", "1:5 it''s"},
      {"v: 'it''s a two'\n", "'", "1:7 ''"},
      {"v: 'one\n\n   two''\n   three'\n", "two'", "3:4 two''"},
      {"v: 'one\n\n   two''\n   three'\n", "three", "4:4 three"},
      {"v:\n- 1\n", "", "2:1 -"},
      // double quotes
      {"v: \"a\\tb two\"\n", "two", "1:10 two"},
      {"v: \"x \\u00e9 two\"\n", "é", "1:7 \\u00e9"},
      {"v: \"x \\u00e9 two\"\n", "é two", "1:7 \\u00e9 two"},
      {"v: \"C:\\\\x\\\\two\"\n", "two", "1:12 two"},
      {"v: \"C:\\\\x\\\\two\"\n", "\\x\\", "1:7 \\\\x\\\\"},
      {"v: \"say \\\"two\\\"\"\n", "\"two\"", "1:9 \\\"two\\\""},
      {"v: \"one\\\n    \\ two\\x41\\N\\U0001F600 three\"\n", "two", "2:7 two"},
      {"v: \"one\\\n    \\ two\\x41\\N\\U0001F600 three\"\n", "A", "2:10 \\x41"},
      {"v: \"one\\\n    \\ two\\x41\\N\\U0001F600 three\"\n", "three", "2:27 three"},
      {"v: \"one\n  two\\\n  three\\n\\n four\"\n", "three", "3:3 three"},
      {"v: \"one\n  two\\\n  three\\n\\n four\"\n", "four", "3:13 four"},
      // blocks
      {"v: |\n  one\n    two\n  three\n", "two", "3:5 two"},
      {"v: |\n  one\n    two\n  three\n", "three", "4:3 three"},
      {"v: |2- # why\n    one\n   two\n", "two", "3:4 two"},
      {"v: >\n  one\n  two\n\n  three\n    kept\n  four\n", "two", "3:3 two"},
      {"v: >\n  one\n  two\n\n  three\n    kept\n  four\n", "kept", "6:5 kept"},
      {"v: >\n  one\n  two\n\n  three\n    kept\n  four\n", "four", "7:3 four"},
      {"v: >-\n\n\n  one ''x\\n\n  \"two\"\n", "\"two\"", "5:3 \"two\""},
      {"v: |\r\n  one\r\n  two\r\n", "two", "3:3 two"},
      {"v: >+\n  one\n\n\nw: 1\n", "one", "2:3 one"},
      // over a line's end: underlined to it
      {"v: one\n  two\n", "one two", "1:4 one"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.source, row.word);
    CHECK(underlined(row.source, row.word) == row.place);
  }
}

TEST_CASE("a complaint about a whole scalar underlines it with its quotes") {
  CHECK(whole("v: one two\n") == "1:4 one two");
  CHECK(whole("v: 'it''s' # x\n") == "1:4 'it''s'");
  CHECK(whole("v: \"a\\\"\" \n") == "1:4 \"a\\\"\"");
  CHECK(whole("v: ''\n") == "1:4 ''");
  CHECK(whole("v: |\n  x\n") == "1:4 |");
  CHECK(whole("v: one\n  two\n") == "1:4 one");
  CHECK(whole("w: 1\nv:\nx: 2\n") == "2:2 :");
}

TEST_CASE("empty ranges point between characters, ranges past the end at the end") {
  const auto yaml = Yaml::parse("v: 'it''s'\n", "x.yml");
  REQUIRE(yaml);
  const Yaml node = (*yaml)["v"];
  CHECK(node.complain_at({0, 0}, "c", "m").column == 5);
  CHECK(node.complain_at({3, 3}, "c", "m").column == 9);
  CHECK(node.complain_at({4, 4}, "c", "m").column == 10);
  CHECK(node.complain_at({90, 99}, "c", "m").column == 10);
  CHECK(node.complain_at({3, 1}, "c", "m").column == 6);
}
