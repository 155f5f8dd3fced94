#include "base/wildcard.hpp"

#include <chrono>
#include <random>

#include "base/text.hpp"
#include "catch.hpp"

using namespace escudo::base;

namespace {

// The twin: every way to share the value between the stars, tried by a table.
bool slowly(std::string_view pattern, std::string_view value) {
  std::vector<bool> reach(value.size() + 1, false);
  reach[0] = true;
  for (const char p : pattern) {
    std::vector<bool> next(value.size() + 1, false);
    for (std::size_t i = 0; i <= value.size(); ++i) {
      if (p == '*') {
        next[i] = reach[i] || (i > 0 && next[i - 1]);
      } else {
        next[i] = i > 0 && reach[i - 1] && value[i - 1] == p;
      }
    }
    reach = std::move(next);
  }
  return reach[value.size()];
}

}  // namespace

TEST_CASE("wildcards match whole values") {
  struct Row {
    std::string_view pattern, value;
    bool matches;
  };
  const Row rows[] = {
      {"wmic.exe", "WMIC.exe", true},
      {"wmic.exe", "xwmic.exe", false},
      {"wmic.exe", "wmic.exe ", false},
      {"* process *", "wmic  process call", true},
      {"* process *", "process call", false},
      {"* create *", "wmic process call create", false},
      {"*\\Temp\\*", "C:\\Windows\\TEMP\\x", true},
      {"system32\\*", "System32\\", true},
      {"*", "", true},
      {"*", "any\nthing", true},
      {"**", "", true},
      {"", "", true},
      {"", "x", false},
      {"a*", "a", true},
      {"a*", "ba", false},
      {"*a", "ba", true},
      {"*a", "ab", false},
      {"a*a", "a", false},
      {"a*a", "aa", true},
      {"a*b*c", "a-b-b-c", true},
      {"a*b*c", "a-c-b", false},
      {"*ab*ab*", "abab", true},
      {"*ab*ab*", "aba", false},
      {"*aab*", "aaab", true},
      {"*abab*abb", "ababababb", true},
      {"a*x*b", "a\nx\r\nb", true},
      {"a?c", "abc", false},
      {"a.c", "abc", false},
      {"\\*", "\\anything", true},
      {"*@*", "`", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern, row.value);
    CHECK(WildcardPattern(row.pattern).matches(row.value) == row.matches);
  }
}

TEST_CASE("case counts when asked for") {
  CHECK_FALSE(WildcardPattern("*Temp*", Case::kept).matches("C:\\TEMP\\x"));
  CHECK(WildcardPattern("*Temp*", Case::kept).matches("C:\\Temp\\x"));
  CHECK_FALSE(WildcardPattern("É", Case::kept).matches("é"));
  CHECK(WildcardPattern("É", Case::kept).matches("É"));
}

TEST_CASE("case beyond ASCII is folded on both sides") {
  CHECK(WildcardPattern("*ПРИВЕТ*").matches("-привет-"));
  CHECK(WildcardPattern("*привет*").matches("-ПРИВЕТ-"));
  CHECK(WildcardPattern("É*Ω").matches("é--ω"));
  CHECK(WildcardPattern("*Élan").matches("L'ÉLAN"));
  CHECK_FALSE(WildcardPattern("*é*").matches("e"));
  CHECK_FALSE(WildcardPattern("*é*").matches("è"));
  // Letters beyond ASCII never answer to ASCII ones.
  CHECK_FALSE(WildcardPattern("*s*").matches("\u017F"));
  CHECK_FALSE(WildcardPattern("k").matches("\u212A"));
  CHECK(WildcardPattern("*x*").matches("é\xFFX漢"));
  CHECK(WildcardPattern("*\xFF*").matches("a\xFF" "b"));
}

TEST_CASE("a pattern shows its parts") {
  const WildcardPattern exact("Cmd.EXE");
  CHECK(exact.is_exact());
  CHECK_FALSE(exact.is_any());
  CHECK(exact.pieces() == std::vector<std::string>{"cmd.exe"});
  CHECK(exact.text() == "Cmd.EXE");
  CHECK_FALSE(exact.starts_open());

  const WildcardPattern open("*A**bÉ*C");
  CHECK_FALSE(open.is_exact());
  CHECK(open.pieces() == std::vector<std::string>{"a", "bé", "c"});
  CHECK(open.starts_open());
  CHECK_FALSE(open.ends_open());
  CHECK(WildcardPattern("aB*", Case::kept).pieces() == std::vector<std::string>{"aB"});
  CHECK(WildcardPattern("aB*").ends_open());

  CHECK(WildcardPattern("***").is_any());
  CHECK_FALSE(WildcardPattern("").is_any());
  CHECK(WildcardPattern("").is_exact());
  CHECK(WildcardPattern("").pieces().empty());
  CHECK(WildcardPattern().matches(""));
  CHECK_FALSE(WildcardPattern().matches("x"));
}

TEST_CASE("the pattern agrees with its slow twin") {
  std::mt19937 random(20200914);
  const auto text = [&](std::string_view alphabet, std::size_t most) {
    std::string out;
    for (std::size_t n = random() % (most + 1); n > 0; --n) {
      out += alphabet[random() % alphabet.size()];
    }
    return out;
  };
  int matched = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string pattern = text("aAb*", 8), value = text("aAbB", 12);
    const bool kept = slowly(pattern, value);
    const bool ignored = slowly(to_lower(pattern), to_lower(value));
    if (WildcardPattern(pattern, Case::kept).matches(value) != kept ||
        WildcardPattern(pattern).matches(value) != ignored) {
      FAIL("`" << pattern << "` on `" << value << "`");
    }
    matched += ignored;
  }
  CHECK(matched > 10'000);
}

TEST_CASE("a hostile pattern on a hostile value takes linear time") {
  std::string pattern = "*";
  for (int i = 0; i < 100; ++i) pattern += std::string(1000, 'a') + "b*";
  const std::string value(4'000'000, 'a');
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(WildcardPattern(pattern).matches(value));
  // Quadratic work would be four thousand million steps.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}
