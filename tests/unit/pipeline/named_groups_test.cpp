// What spl::named_groups() reads in a pattern, beside what PCRE2 does.
#include "spl/named_groups.hpp"

#include <algorithm>
#include <random>

#include "catch.hpp"
#include "pipeline/regex.hpp"

using namespace escudo;

namespace {

// Nothing for a pattern that PCRE2 does not take.
std::optional<std::vector<std::string>> of_pcre2(const std::string& pattern) {
  const auto regex = pipeline::Regex::compile(pattern, pipeline::Limits{});
  if (!regex.ok()) return {};
  std::vector<std::string> out;
  for (const auto& group : (*regex)->named_groups()) out.push_back(group.name);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::string> of_spl(const std::string& pattern) {
  auto out = spl::named_groups(pattern);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("named groups are those of PCRE2, in all spellings") {
  for (const std::string pattern : {
           "(?<a>x)", "(?'a'x)", "(?P<a>x)", "(?<a>x)(?'b'y)(?P<c>z)", "(?<a>(?'b'x))", "(?P=a)(?<a>x)", "(?<a>x)(?P>a)\\k'a'\\k<a>\\g'a'(?&a)",
           "\\(?<a>x", "\\\\(?<a>x)", "\\c((?<a>x)", "(x\\)(?'a'y))",
           "[(?<a>x)]", "[](?<a>x)]", "[^](?<a>x)]", "[^\\](?<a>x)]", "[[:alpha:](?<a>x)](?<b>x)", "[[:x](?<a>x)", "[\\Q]\\E(?<a>x)](?<b>y)",
           "[\\Q\\E](?<a>x)]", "[\\E^\\E](?<a>x)]", "[a[.](?<a>x)",
           "\\Q(?<a>x)\\E(?<b>y)", "\\Q(?<a>x)", "\\E(?<a>x)",
           "(?#(?<a>x)(?<b>y)", "(?#\\)(?<a>x)", "(?<=a)(?<b>x)", "(?<!a>)(?<b>x)", "(?=(?<a>x))x", "(?:(?<a>x))", "(?>(?<a>x))",
           "(?x)a#(?<a>x)\n(?<b>y)", "(?x:a#(?<a>x)\n)#(?<b>y)", "(?:(?x)#(?<a>x)\n)#(?<b>y)", "(?x)(?-x)#(?<a>x)", "(?x)(?^)#(?<a>x)",
           "(?-x)#(?<a>x)", "(?i)(?<a>x)", "(?xi)[#](?<a>x)", "(?x)\\#(?<a>x)",
           "(?<a>x)?(?(<a>)y|z)", "(?<a>x)?(?('a')y|(?<b>z))", "(?(?=x)(?<a>x)|y)", "(?|(?<a>x)|(?<a>y))", "(?(DEFINE)(?<a>x))(?&a)",
           "(*MARK:(?<a>)(?<b>y)", "(*:(?<a>)(?'b'y)", "(?C1)(?<a>x)", "(?C'(?<a>x)''')(?<b>y)", "(?C{(?<a>x)})(?<b>y)",
       }) {
    CAPTURE(pattern);
    const auto names = of_pcre2(pattern);
    CHECK(names);
    if (names) CHECK(of_spl(pattern) == *names);
  }
}

TEST_CASE("named groups are those of PCRE2 in patterns of random pieces") {
  const char* pieces[] = {"(?<a>", "(?'b'", "(?P<c>", "(?<d>", "(", "(?:", "(?=", "(?<=", "(?<!", "(?#", "(?x)", "(?x:", "(?-x)", "(?i)",
                          ")", ")", ")", ")", "[", "]", "[^", "\\", "\\Q", "\\E", "#", "\n", "x", "y", "[:", ":]", "'", ">", "\\(", "|", "^"};
  std::mt19937 random(20);
  int compared = 0, named = 0;
  for (int k = 0; k < 200'000; ++k) {
    std::string pattern;
    for (unsigned n = 2 + random() % 9; n > 0; --n) pattern += pieces[random() % std::size(pieces)];
    const auto names = of_pcre2(pattern);
    if (!names) continue;
    ++compared;
    named += !names->empty();
    CAPTURE(pattern);
    REQUIRE(of_spl(pattern) == *names);
  }
  CHECK(compared > 10'000);
  CHECK(named > 1'000);
}
