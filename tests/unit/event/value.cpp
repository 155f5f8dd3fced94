#include "event/value.hpp"

#include "catch.hpp"

using namespace escudo::event;

TEST_CASE("numbers in text are decimal and fill it") {
  struct Row {
    std::string_view text;
    double number;
  };
  const Row rows[] = {
      {"12", 12},     {"-3.5", -3.5}, {"1e9", 1e9},  {"1E-2", 0.01}, {".25", 0.25}, {"5.", 5},
      {"+7", 7},      {"0012", 12},   {"-0", 0},     {"1600085161.826", 1600085161.826},
      {"9007199254740993", 9007199254740992.0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto number = parse_number(row.text);
    REQUIRE(number);
    CHECK(*number == row.number);
  }
  for (const std::string_view text :
       {"", " 7", "7 ", "0x1f", "1f", "--1", "+-1", "-+1", "+", "-", ".", "e5", "1e", "1e+", "inf",
        "-inf", "nan", "1,000", "1_000", "1e999", "\xEF\xBC\x91", "seven"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text));
  }
}

TEST_CASE("a value is null, a number, text or many") {
  const Value null;
  CHECK(null.is_null());
  CHECK(null.text() == "");
  CHECK(null.count() == 0);
  CHECK(null.values().empty());
  CHECK_FALSE(null.number());

  const Value number(25.0);
  CHECK(number.is_number());
  CHECK(number.as_number() == 25);
  CHECK(number.text() == "25");
  CHECK(number.number() == 25);
  CHECK(number.count() == 1);
  CHECK(number.values() == Value::Many{"25"});
  CHECK(Value(0.5).text() == "0.5");

  const Value text("4688");
  CHECK(text.is_text());
  CHECK(text.text() == "4688");
  CHECK(text.number() == 4688);
  CHECK(Value("wmic.exe").number() == std::nullopt);
  CHECK(Value("").is_text());
  CHECK(Value("").count() == 1);

  const Value many = Value::many({"a", "", "1"});
  CHECK(many.is_many());
  CHECK(many.text() == "a\n\n1");
  CHECK(many.count() == 3);
  CHECK(many.values() == Value::Many{"a", "", "1"});
  CHECK_FALSE(many.number());
}

TEST_CASE("none of many is null, one is text") {
  CHECK(Value::many({}).is_null());
  CHECK(Value::many({"x"}) == Value("x"));
  CHECK(Value::many({""}).is_text());
}

TEST_CASE("values compare as what they are") {
  CHECK(Value("1") == Value(std::string("1")));
  CHECK(Value("1") != Value(1.0));
  CHECK(Value() != Value(""));
  CHECK(Value(1.0) == Value(1.0));
  CHECK(Value::many({"a", "b"}) != Value::many({"b", "a"}));
}
