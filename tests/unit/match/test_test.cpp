// Comparisons of search expressions, one line a case: expression, value, verdict.
#include "match/test.hpp"

#include "catch.hpp"
#include "spl/parser.hpp"

using namespace escudo;

namespace {

spl::SearchExpr parse(const std::string& text) {
  std::vector<spl::TextProblem> problems;
  auto expr = spl::parse_search_expression(text, problems);
  INFO(text);
  REQUIRE(expr);
  return *expr;
}

bool matches(const std::string& expression, std::vector<std::string_view> values) {
  return match::Test::compile(parse(expression)).matches(values);
}

}  // namespace

TEST_CASE("equality ignores case, anchors the whole value and knows one wildcard") {
  CHECK(matches("f=wmic.exe", {"WMIC.exe"}));
  CHECK_FALSE(matches("f=wmic.exe", {"xwmic.exe"}));
  CHECK_FALSE(matches("f=1", {"1.0"}));
  CHECK(matches("f=*", {"anything"}));
  CHECK_FALSE(matches("f=*", {}));
  CHECK(matches("f=\"* call *\"", {"wmic process call create"}));
  CHECK_FALSE(matches("f=\"* create *\"", {"wmic process call create"}));
  CHECK(matches("f=a*b*c", {"a1b2\n3c"}));
  CHECK_FALSE(matches("f=a?c", {"abc"}));
  CHECK(matches("f=ÄÖ*", {"äöü"}));
}

TEST_CASE("escapes: two backslashes are one, a lone one stays, a star cannot be escaped") {
  CHECK(matches(R"(f="*\\Temp\\*")", {R"(C:\Temp\x.exe)"}));
  CHECK(matches(R"(f="*\sam *")", {R"(copy \sam x)"}));
  CHECK(matches(R"(f="*\\\\*")", {R"(\\server\share)"}));
  CHECK_FALSE(matches(R"(f="*\\\\*")", {R"(\server)"}));
  CHECK(matches(R"(f="*system32\*")", {R"(C:\windows\system32\cmd.exe)"}));
  CHECK(matches(R"(f="say \"hi\"")", {R"(say "hi")"}));
}

TEST_CASE("a value matches when one of several does; != needs the field and no match at all") {
  CHECK(matches("f=b", {"a", "b"}));
  CHECK_FALSE(matches("f!=b", {"a", "b"}));
  CHECK(matches("f!=c", {"a", "b"}));
  CHECK_FALSE(matches("f!=c", {}));
  CHECK_FALSE(matches("f!=*", {"a"}));
}

TEST_CASE("IN takes words, quotes and wildcards") {
  CHECK(matches("f IN (cmd.exe, \"power*\", x)", {"PowerShell.exe"}));
  CHECK_FALSE(matches("f IN (cmd.exe, \"power*\")", {"pwsh.exe"}));
}

TEST_CASE("order compares numbers as numbers and everything else by bytes") {
  CHECK(matches("n>9", {"10"}));
  CHECK_FALSE(matches("n>9", {"8"}));
  CHECK(matches("n>=10", {"10.0"}));
  CHECK(matches("n<b", {"a"}));
  CHECK_FALSE(matches("n<10", {}));
}

TEST_CASE("CIDR blocks match the addresses in them, for both families") {
  CHECK(matches("ip=10.0.0.0/8", {"10.200.3.4"}));
  CHECK_FALSE(matches("ip=10.0.0.0/8", {"11.0.0.1"}));
  CHECK(matches("ip IN (192.168.0.0/16, 10.0.0.0/8)", {"192.168.7.7"}));
  CHECK_FALSE(matches("ip!=10.0.0.0/8", {"10.1.1.1"}));
  CHECK(matches("ip=fe80::/10", {"fe80::1ff:fe23:4567:890a"}));
  CHECK_FALSE(matches("ip=fe80::/10", {"2001:db8::1"}));
  CHECK(matches("ip=0.0.0.0/0", {"8.8.8.8"}));
  CHECK_FALSE(matches("ip=10.0.0.0/8", {"not an address"}));
}

TEST_CASE("XML entities in a pattern stand for their characters too") {
  CHECK(matches("f=\"*2&gt;&amp;1*\"", {"cmd 2>&1"}));
  CHECK(matches("f=\"*2&gt;&amp;1*\"", {"cmd 2&gt;&amp;1"}));
}

TEST_CASE("bare words look for whole tokens of the raw text, phrases for their text") {
  CHECK(matches("ImageLoaded", {"<Data Name='ImageLoaded'>x</Data>"}));
  CHECK_FALSE(matches("Image", {"<Data Name='ImageLoaded'>x</Data>"}));
  CHECK(matches("Image*", {"<Data Name='ImageLoaded'>x</Data>"}));
  CHECK(matches("\"failed password\"", {"sshd: Failed password for root"}));
  CHECK_FALSE(matches("\"failed pass\"", {"sshd: Failed password for root"}));
}

TEST_CASE("what a value must be or contain is told to the prefilter") {
  auto keys = [](const std::string& text) { return match::Test::compile(parse(text)).keys(); };
  using Texts = std::vector<std::string>;
  CHECK(keys("f=\"* Call *\"").literals == Texts{" call "});
  CHECK(keys("f=ab*cde*f").literals == Texts{"cde"});
  CHECK(keys("f=ABC").exact == Texts{"abc"});
  CHECK(keys("f=*grüße*").literals == Texts{"gr"});   // letters beyond ASCII are left to the test
  CHECK(keys("f=CASE(AbC)").literals == Texts{"abc"});
  for (const char* text : {"f=*", "f!=x", "f<5", "f=*ü*", "f=10.0.0.0/8"}) CHECK_FALSE(keys(text).indexed);
}
