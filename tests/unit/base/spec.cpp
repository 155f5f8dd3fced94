#include "base/spec.hpp"

#include "base/properties.hpp"
#include "catch.hpp"

using namespace escudo;
using base::Spec;

namespace {

Spec parsed(const char* text) {
  auto spec = Spec::parse(text);
  if (!spec) FAIL(spec.error());
  return *spec;
}

std::string refusal(const char* text) {
  auto spec = Spec::parse(text);
  return spec ? std::string() : spec.error();
}

}  // namespace

TEST_CASE("a spec is a kind, a target and options") {
  CHECK(parsed("stdout").kind == "stdout");
  CHECK(parsed("stdout").target.empty());
  Spec spec = parsed("hec:https://a:8088?x=1&y=a%26b%3F%zz&z=");
  CHECK(spec.kind == "hec");
  CHECK(spec.target == "https://a:8088");
  CHECK(spec.text("x", "") == "1");
  CHECK(spec.text("y", "") == "a&b?%zz");
  CHECK(spec.text("z", "other").empty());
  CHECK(spec.text("none", "other") == "other");
  CHECK(spec.all_known().ok());
  CHECK(refusal("a:b?x=1&x=2").find("given twice") != std::string::npos);
  CHECK(refusal("a:b?x") == "\"x\" is not KEY=VALUE");
  CHECK(refusal("a:b?").find("not KEY=VALUE") != std::string::npos);
  CHECK(refusal("a:b?x=1&").find("not KEY=VALUE") != std::string::npos);
  CHECK(refusal("a:b?=1").find("not KEY=VALUE") != std::string::npos);
}

TEST_CASE("an option that nobody asked for is named") {
  Spec spec = parsed("a:b?x=1&y=2");
  spec.text("y", "");
  REQUIRE_FALSE(spec.all_known().ok());
  CHECK(spec.all_known().error() == "a has no option \"x\"");
}

TEST_CASE("numbers of a spec have units and bounds") {
  const auto number = [](const char* value, std::uint64_t least, std::uint64_t most) {
    Spec spec = parsed((std::string("a:b?n=") + value).c_str());
    auto out = spec.number("n", 7, least, most);
    return out ? std::to_string(*out) : out.error();
  };
  CHECK(number("12", 0, 100) == "12");
  CHECK(number("2K", 0, 10'000) == "2048");
  CHECK(number("3M", 0, 1ull << 40) == "3145728");
  CHECK(number("1G", 0, 1ull << 40) == "1073741824");
  for (const char* bad : {"", "x", "-1", "1.5", "101", "1T", "1KK", "99999999999999999999", "99999999999999999G"}) {
    CHECK(number(bad, 0, 100).find("whole number from 0 to 100") != std::string::npos);
  }
  Spec none = parsed("a:b");
  CHECK(*none.number("n", 7, 0, 100) == 7);
}

TEST_CASE("properties are lines of KEY = VALUE") {
  std::vector<std::pair<std::string, std::string>> out;
  REQUIRE(base::read_properties("a=1\n\n # comment\r\n b.c = x = y \r\nlast=", out).ok());
  CHECK(out == std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b.c", "x = y"}, {"last", ""}});
  CHECK(base::read_properties("a=1\nno\n", out).error() == "line 2 is not KEY = VALUE");
  CHECK(base::read_properties("=1", out).error() == "line 1 is not KEY = VALUE");
}
