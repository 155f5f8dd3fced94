#include "cim/expression.hpp"

#include "catch.hpp"
#include "cim/formula.hpp"

namespace escudo::cim::testing {

TEST_CASE("an expression prints as it was meant") {
  auto printed = [](std::string_view text) {
    auto parsed = parse_expression(text);
    INFO(text);
    REQUIRE(parsed.ok());
    return parsed->print();
  };
  CHECK(printed("Image") == "Image");
  CHECK(printed(" first( a ,b::c,\"x\" ) ") == R"(first(a, b::c, "x"))");
  CHECK(printed("null()") == "null()");
  CHECK(printed("f(12)") == R"(f("12"))");
  CHECK(printed(R"(concat("a\\b", "say \"hi\"", "\n"))") ==
        R"(concat("a\\b", "say \"hi\"", "\n"))");
  for (auto text : {"first(a, unless(b, \"-\"))", "if(equals(a, \"\"), b, c)"}) {
    CHECK(printed(printed(text)) == printed(text));
  }
}

TEST_CASE("a wrong expression is refused with a reason") {
  auto reason = [](std::string_view text) {
    auto parsed = parse_expression(text);
    REQUIRE(!parsed.ok());
    return parsed.error();
  };
  CHECK(reason("") == "an expression is missing at the end");
  CHECK(reason("f(a") == "expected ',' or ')' instead of end of the expression");
  CHECK(reason("f(a b)") == "expected ',' or ')' instead of 'b)' at column 5");
  CHECK(reason("a b") == "unexpected 'b' at column 3");
  CHECK(reason("\"a") == "a quote is not closed");
  CHECK(reason("\"a\\q\"") == "unknown escape \\q");
  CHECK(reason("f(,)") == "unexpected ',)' at column 3");
  CHECK(reason("-") == "unexpected '-' at column 1");
}

TEST_CASE("depth and size of an expression are bounded") {
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "f(";
  CHECK(parse_expression(deep).error() == "more than 32 levels of calls");
  std::string wide = "f(a";
  for (int i = 0; i < 64; ++i) wide += ",a";
  CHECK(parse_expression(wide + ")").error() == "f() has over 64 arguments");
  CHECK(!parse_expression(std::string(70'000, 'a')).ok());
}

TEST_CASE("names of a formula are checked when it is resolved") {
  const ValueTable table = {{"1", "one"}};
  const TableScope tables = {{"numbers", &table}};
  auto reason = [&](std::string_view text) {
    auto formula = parse_formula(text, tables);
    return formula.ok() ? "" : formula.error();
  };
  CHECK(reason("lookup(EventID, numbers)").empty());
  CHECK(reason("lookup(EventID, letters)") == "no table is named letters");
  CHECK(reason("lookup(EventID, \"numbers\")") == "no table is named \"numbers\"");
  CHECK(reason("loewr(a)") == "no transform is named loewr()");
  CHECK(reason("lower(a, b)") == "lower() takes 1 argument");
  CHECK(reason("first()") == "first() takes at least 1 arguments");
  CHECK(reason("if(a)") == "if() takes 2 to 3 arguments");
  CHECK(reason("user_data_xml(Wrapper)") ==
        "user_data_xml() takes the name of an element in quotes");
}

}  // namespace escudo::cim::testing
