#include <algorithm>
#include <random>

#include "base/text.hpp"
#include "catch.hpp"
#include "match/access.hpp"
#include "match/probe.hpp"
#include "spl/parser.hpp"

using namespace escudo;

namespace {

std::vector<std::uint32_t> found(const match::LiteralScanner& scanner, std::string_view text) {
  std::unique_ptr<match::LiteralScanner::Scratch> scratch;
  scanner.prepare(scratch);
  std::vector<std::uint32_t> out;
  scanner.find(text, scratch.get(), out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string random_text(std::mt19937& random, const std::string& letters, std::size_t longest) {
  std::string out(1 + random() % longest, ' ');
  for (char& c : out) c = letters[random() % letters.size()];
  return out;
}

}  // namespace

TEST_CASE("both scanners find the literals that a plain search finds") {
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> literals;
    for (int k = 0; k < 20; ++k) literals.push_back(random_text(random, "abc\\.", 5));
    const auto portable = match::make_aho_corasick(literals);
    const auto fast = match::make_vectorscan(literals);
    for (int t = 0; t < 20; ++t) {
      const std::string text = random_text(random, "abcABC\\.\xC3\xA4", 40);
      std::vector<std::uint32_t> expected;
      for (std::uint32_t k = 0; k < literals.size(); ++k)
        if (base::icontains(text, literals[k])) expected.push_back(k);
      CHECK(found(*portable, text) == expected);
      if (fast) CHECK(found(*fast, text) == expected);
    }
  }
}

TEST_CASE("literals that contain or repeat each other are all found") {
  const std::vector<std::string> literals = {"cmd", "cmd.exe", "md.e", "exe", "cmd"};
  for (const auto& scanner : {match::make_aho_corasick(literals), match::make_vectorscan(literals)}) {
    if (!scanner) continue;
    CHECK(found(*scanner, "C:\\CMD.EXE") == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
    CHECK(found(*scanner, "").empty());
  }
}

TEST_CASE("a probe accepts what the predicates accept, whatever it remembers") {
  const char* tests[] = {"f=cmd.exe",          "f=*.exe",     "f=\"*\\\\temp\\\\*\"", "f IN (a, b*, *c)",
                         "f=*",                "f!=cmd.exe",  "f=M\xC3\x9CLLER",      "f=*\xC3\xBC*ller",
                         "f=CASE(Cmd.exe)",    "f<5",         "f=10.0.0.0/8",         "f=*e*e*"};
  match::PredicateSet set;
  const match::FeatureId feature = set.feature(0, event::intern("f"));
  for (const char* test : tests) {
    std::vector<spl::TextProblem> problems;
    auto parsed = spl::parse_search_expression(test, problems);
    REQUIRE(parsed);
    set.add(feature, match::Test::compile(*parsed));
  }
  const match::PredicateIndex index(set);
  match::Probe probe(set, index);
  std::vector<std::string> values = {"cmd.exe", "CMD.EXE", "Cmd.exe", "a",   "bcd", "xC", "m\xC3\xBCller",
                                     "M\xC3\x9CLLER", "10.1.2.3", "4", "", "C:\\Temp\\x.exe"};
  values.emplace_back(std::string(400, 'x') + ".exe");
  for (int round = 0; round < 3000; ++round) {
    const std::string other = std::to_string(round) + ".exe";   // makes remembering not pay, too
    for (std::string_view value : {std::string_view(values[static_cast<std::size_t>(round) % values.size()]), std::string_view(other)}) {
      const auto accepted = probe.accepted(feature, value);
      for (match::PredicateId id = 0; id < set.size(); ++id) {
        if (!index.covers(id)) continue;
        const bool told = std::find(accepted.begin(), accepted.end(), id) != accepted.end();
        if (told != set[id].test.accepts(value)) FAIL(tests[id] << " of " << value);
      }
    }
  }
}

TEST_CASE("a condition waits for its rarest literal") {
  match::PredicateSet set;
  std::vector<spl::TextProblem> problems;
  auto condition = [&](const std::string& text) {
    return match::Condition::compile(*spl::parse_search_expression(text, problems), 0, set);
  };
  const auto both = condition("a=x b=*rundll32.exe* NOT c=y");
  const auto either = condition("a=x OR b=y");
  const auto open = condition("a=x OR b=*");
  const auto negative = condition("NOT a=x");
  const match::PredicateIndex index(set);
  auto access = [&](const match::Condition& c) {
    return match::rarest_access(c, index, [&](match::PredicateId id) { return id == 0 ? 0.5 : 0.1; });
  };
  REQUIRE(access(both));
  CHECK(access(both)->any == std::vector<match::PredicateId>{1});
  REQUIRE(access(either));
  CHECK(access(either)->any.size() == 2);
  CHECK_FALSE(access(open));
  CHECK_FALSE(access(negative));
}
