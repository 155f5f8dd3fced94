#include "base/diagnostic.hpp"

#include "catch.hpp"

using namespace escudo::base;

namespace {

Diagnostic at(std::string_view text, Span span) {
  Diagnostic d;
  d.code = "unknown-macro";
  d.message = "no macro is named `proces_wmic`";
  d.hint = "did you mean `process_wmic`?";
  d.file = "x.yml";
  locate(d, text, span);
  return d;
}

std::uint32_t u(std::size_t n) { return static_cast<std::uint32_t>(n); }

}  // namespace

TEST_CASE("a diagnostic shows the place, the line, a caret and the hint") {
  const std::string_view text = "search: |\n  where `proces_wmic` x=\"y\"\n";
  const auto begin = u(text.find('`'));
  CHECK(at(text, {begin, begin + 13}).render() ==
        "x.yml:2:9: error[unknown-macro]: no macro is named `proces_wmic`\n"
        "  2 |   where `proces_wmic` x=\"y\"\n"
        "    |         ^^^^^^^^^^^^^\n"
        "  hint: did you mean `process_wmic`?\n");
}

TEST_CASE("what is not known is left out") {
  Diagnostic d;
  d.message = "m";
  CHECK(d.render() == "error: m\n");
  CHECK(d.place() == "");
  d.file = "f";
  d.severity = Severity::warning;
  CHECK(d.render() == "f: warning: m\n");
  d.line = 3;
  CHECK(d.place() == "f:3");
  d.column = 7;
  d.severity = Severity::note;
  CHECK(d.render() == "f:3:7: note: m\n");
  d.file.clear();
  CHECK(d.place() == "3:7");
}

TEST_CASE("locate finds line and column and stays in its line") {
  const std::string_view text = "ab\r\ncd\nef";
  struct Row {
    Span span;
    std::uint32_t line, column, width;
    std::string_view excerpt;
  };
  const Row rows[] = {
      {{0, 2}, 1, 1, 2, "ab"},   {{1, 1}, 1, 2, 1, "ab"},   {{1, 6}, 1, 2, 1, "ab"},
      {{4, 5}, 2, 1, 1, "cd"},   {{5, 9}, 2, 2, 1, "cd"},   {{7, 9}, 3, 1, 2, "ef"},
      {{9, 9}, 3, 3, 1, "ef"},   {{50, 60}, 3, 3, 1, "ef"}, {{2, 4}, 1, 3, 1, "ab"},
      {{6, 7}, 2, 3, 1, "cd"},   {{3, 4}, 1, 3, 1, "ab"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.span.begin, row.span.end);
    const Diagnostic d = at(text, row.span);
    CHECK(d.line == row.line);
    CHECK(d.column == row.column);
    CHECK(d.width == row.width);
    CHECK(d.excerpt == row.excerpt);
  }
  CHECK(at("", {0, 0}).line == 1);
}

TEST_CASE("carets stand under what they mean, whatever its width and bytes") {
  const std::string_view wide = "\t漢字 \xC3\xA9 bad";
  const auto begin = u(wide.find("bad"));
  CHECK(at(wide, {begin, begin + 3}).render().find("  1 |  漢字 \xC3\xA9 bad\n"
                                                   "    |         ^^^\n") != std::string::npos);
  const std::string_view hostile = "\x1b[2J bad\xFF";
  const auto bad = u(hostile.find("bad"));
  CHECK(at(hostile, {bad, bad + 4}).render().find("  1 | \\x1b[2J bad\\xff\n"
                                                  "    |         ^^^^^^^\n") !=
        std::string::npos);
}

TEST_CASE("messages from hostile text are harmless too") {
  Diagnostic d;
  d.file = "a\x1b.yml";
  d.message = "unknown \x1b[31m";
  d.hint = "\xE2\x80\xAE";
  CHECK(d.render() == "a\\x1b.yml: error: unknown \\x1b[31m\n  hint: \\u{202e}\n");
}

TEST_CASE("of a very long line the part round the caret is kept and shown") {
  std::string text = "first\n" + std::string(100'000, 'a') + "BAD" + std::string(100'000, 'b');
  const auto begin = u(text.find("BAD"));
  const Diagnostic d = at(text, {begin, begin + 3});
  CHECK(d.column == 100'001);
  CHECK(d.excerpt.size() <= 4096);
  const std::string shown = d.render();
  CHECK(shown.size() < 600);
  const std::size_t line = shown.find("  2 | ");
  REQUIRE(line != std::string::npos);
  const std::size_t caret_line = shown.find("    | ", line);
  REQUIRE(caret_line != std::string::npos);
  // Three bytes of the ellipsis are one column.
  CHECK(shown.find("BAD", line) - line - 2 == shown.find("^^^", caret_line) - caret_line);
  CHECK(shown.find(" …\n") != std::string::npos);

  // No half characters at the edges of the cut.
  std::string multi;
  for (int i = 0; i < 5000; ++i) multi += "é";
  CHECK(at(multi, {5000, 5002}).render().find("\\x") == std::string::npos);
}
