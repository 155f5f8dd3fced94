// Regex: groups, iteration, replacement, limits, subjects that are not UTF-8.
#include "pipeline/regex.hpp"

#include <thread>

#include "catch.hpp"

using namespace escudo;
using pipeline::Match;
using pipeline::Regex;
using Found = Regex::Found;

namespace {

const pipeline::Limits kLimits;

std::shared_ptr<const Regex> compile(std::string_view pattern, pipeline::RegexFlags flags = {}) {
  auto out = Regex::compile(pattern, kLimits, flags);
  INFO(pattern << ": " << (out ? "" : out.error()));
  REQUIRE(out);
  return *out;
}

bool finds(std::string_view pattern, std::string_view subject) {
  Match match;
  return compile(pattern)->search(subject, match) == Found::yes;
}

std::vector<std::string> all(std::string_view pattern, std::string_view subject) {
  Match match;
  const auto regex = compile(pattern);
  std::vector<std::string> out;
  for (Found f = regex->search(subject, match); f == Found::yes; f = regex->next(subject, match))
    out.emplace_back(match.text(0));
  return out;
}

std::string replaced(std::string_view pattern, std::string_view subject, std::string_view by,
                     bool every = true) {
  Match match;
  bool gave_up = false;
  const auto out =
      replace_matches(*compile(pattern), subject, pipeline::Replacement(by), every, match, gave_up);
  CHECK_FALSE(gave_up);
  return out;
}

}  // namespace

TEST_CASE("a search finds groups, by number and by name") {
  const auto regex = compile(R"((?<drive>[A-Z]):\\(?P<dir>\w+)(\\x)?)");
  REQUIRE(regex->groups() == 4);
  REQUIRE(regex->named_groups().size() == 2);
  CHECK(regex->named_groups()[0].name == "drive");
  CHECK(regex->named_groups()[0].number == 1);
  CHECK(regex->named_groups()[1].name == "dir");
  Match match;
  REQUIRE(regex->search(R"(run C:\Windows now)", match) == Found::yes);
  CHECK(match.text(0) == R"(C:\Windows)");
  CHECK(match.text(1) == "C");
  CHECK(match.text(2) == "Windows");
  CHECK(match.begin(2) == 7);
  CHECK(match.end(2) == 14);
  CHECK_FALSE(match.has(3));
  CHECK(match.text(3).empty());
  CHECK_FALSE(match.has(9));
  CHECK(regex->search("nothing", match) == Found::no);
  CHECK_FALSE(match.has(0));
}

TEST_CASE("patterns of the detections that a regular language cannot tell") {
  CHECK(finds(R"((?<!\\)\\(?!Windows))", R"(C:\Temp)"));
  CHECK_FALSE(finds(R"((?<!\\)\\(?!Windows))", R"(C:\Windows)"));
  CHECK(finds("(?i)PoWeR", "POWER"));
  CHECK_FALSE(finds("power", "POWER"));
  CHECK(all(".+?;", "a;b;") == std::vector<std::string>{"a;", "b;"});
}

TEST_CASE("flags") {
  Match match;
  CHECK(compile("abc", {.caseless = true})->search("ABC", match) == Found::yes);
  CHECK(compile("^b", {.multiline = true})->search("a\nb", match) == Found::yes);
  CHECK(compile("^b")->search("a\nb", match) == Found::no);
  CHECK(compile("a.b", {.dot_all = true})->search("a\nb", match) == Found::yes);
  CHECK(compile("a.b")->search("a\nb", match) == Found::no);
}

TEST_CASE("a search may begin inside and still looks behind") {
  Match match;
  const auto regex = compile("(?<=a)b");
  CHECK(regex->search("ab", 1, match) == Found::yes);
  CHECK(regex->search("ab", 2, match) == Found::no);
  CHECK(regex->search("ab", 3, match) == Found::no);
}

TEST_CASE("matches follow each other, empty ones too") {
  CHECK(all(R"(\d+)", "1 22 333") == std::vector<std::string>{"1", "22", "333"});
  CHECK(all("x*", "axb") == std::vector<std::string>{"", "x", "", ""});
  CHECK(all("", "é") == std::vector<std::string>{"", ""});
  CHECK(all("x", "").empty());
}

TEST_CASE("replacement refers to groups and is otherwise literal") {
  CHECK(replaced("([0-9A-F]{2})", "6C73", "%\\1") == "%6C%73");
  CHECK(replaced("(a)(b)?", "a ab", "<\\2\\1>") == "<a> <ba>");
  CHECK(replaced("b", "abc", "\\0\\0") == "abbc");
  CHECK(replaced("b", "abc", "\\9$1&\\n") == "a$1&\\nc");
  CHECK(replaced("b", "bbb", "c", false) == "cbb");
  CHECK(replaced("^", "line", "> ") == "> line");
  CHECK(replaced("x*", "abc", "-") == "-a-b-c-");
}

TEST_CASE("a mistake is told with its place") {
  const auto wrong = Regex::compile("ab(c", kLimits);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error() == "missing closing parenthesis (at character 5)");

  std::vector<spl::TextProblem> problems;
  // As long as the quoted text: the caret goes into it.
  CHECK_FALSE(Regex::compile("a[b", kLimits, {10, 15}, problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == "bad-regex");
  CHECK(problems[0].span == base::Span{14, 15});
  CHECK(problems[0].hint == "character 4 of a[b");
  // Written with escapes: the whole text is at fault.
  CHECK_FALSE(Regex::compile("a[b", kLimits, {10, 20}, problems));
  CHECK(problems[1].span == base::Span{10, 20});
  CHECK_FALSE(Regex::compile("\xFF", kLimits));
  CHECK_FALSE(Regex::compile(std::string(300'000, 'a'), kLimits));
}

TEST_CASE("a search that runs away gives up") {
  Match match;
  pipeline::Limits tight;
  tight.regex_match_steps = 1000;
  const auto regex = *Regex::compile("(a+)+$", tight);
  const std::string subject = std::string(40, 'a') + "b";
  CHECK(regex->search(subject, match) == Found::gave_up);
  CHECK(regex->search("aaa", match) == Found::yes);
  bool gave_up = false;
  CHECK(replace_matches(*regex, subject, pipeline::Replacement("x"), true, match, gave_up) ==
        subject);
  CHECK(gave_up);
}

TEST_CASE("long subjects fit the stack of compiled code") {
  Match match;
  const std::string script = std::string(200'000, 'x') + "end";
  CHECK(compile("^(?:x|y)*end$")->search(script, match) == Found::yes);
  CHECK(compile("^(x|y)+end$")->search(script, match) == Found::yes);
}

TEST_CASE("what replacing may build is bounded") {
  Match match;
  bool gave_up = false;
  const std::string subject(60'000, 'x');
  const auto out =
      replace_matches(*compile("x"), subject, pipeline::Replacement(subject), true, match, gave_up);
  CHECK(gave_up);
  CHECK(out.size() < (20u << 20));
}

TEST_CASE("UTF-8 letters are characters") {
  CHECK(all("é.", "éàxé") == std::vector<std::string>{"éà"});
  CHECK(finds("(?i)É", "é"));
  CHECK(finds(R"(^.$)", "€"));
}

TEST_CASE("subjects that are not UTF-8 are searched byte by byte") {
  const std::string stray = "pass\xFFword \xC3";
  CHECK(finds("pass.word", stray));
  CHECK(finds("word", stray));
  CHECK(finds("^pass.*", stray));
  // A pattern with such letters keeps them whole.
  CHECK(finds("é+",
              "\xFF"
              "éé"));
  CHECK_FALSE(finds("[é]", "\xFF\xC3"));
  CHECK(all(".", std::string("a\xFF")) == std::vector<std::string>{"a", "\xFF"});
  CHECK(replaced("o", stray, "0") == "pass\xFFw0rd \xC3");
}

TEST_CASE("threads share a pattern") {
  const auto regex = compile("k(\\d+)");
  std::vector<std::thread> threads;
  std::vector<int> hits(4, 0);
  for (std::size_t t = 0; t < hits.size(); ++t)
    threads.emplace_back([&, t] {
      Match match;
      const std::string subject = (t % 2 ? "\xFF k" : "k") + std::to_string(t);
      for (int n = 0; n < 2000; ++n)
        hits[t] +=
            regex->search(subject, match) == Found::yes && match.text(1) == std::to_string(t);
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(hits == std::vector<int>(4, 2000));
}
