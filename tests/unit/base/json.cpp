#include "base/json.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "catch.hpp"

using namespace escudo::base;

namespace {

std::string quoted(std::string_view s) {
  std::string out;
  append_json_string(out, s);
  return out;
}

}  // namespace

TEST_CASE("numbers are written as people write them and read back equal") {
  struct Row {
    double value;
    std::string_view text;
  };
  const Row rows[] = {
      {0, "0"},           {-0.0, "0"},       {25, "25"},          {-3, "-3"},
      {0.5, "0.5"},       {100000, "100000"}, {1e15, "1000000000000000"},
      {1e300, "1e+300"},  {0.1 + 0.2, "0.30000000000000004"},
      {1600085161.826, "1600085161.826"},    {9007199254740993.0, "9007199254740992"},
      {5e-324, "5e-324"}, {-1.5e-7, "-1.5e-07"},
  };
  for (const Row& row : rows) {
    CHECK(number_text(row.value) == row.text);
    CHECK(std::strtod(number_text(row.value).c_str(), nullptr) == row.value);
  }
  CHECK(number_text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(number_text(std::nan("")) == "nan");
}

TEST_CASE("JSON strings are valid UTF-8 without control characters") {
  struct Row {
    std::string_view in, out;
  };
  const Row rows[] = {
      {"", R"("")"},
      {"wmic /node:h", R"("wmic /node:h")"},
      {R"(C:\x "y")", R"("C:\\x \"y\"")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {std::string_view("\0\x1b\x7f", 3), R"("\u0000\u001b\u007f")"},
      {"\xC2\x80\xC2\x9F", R"("\u0080\u009f")"},
      {"\u2028\u2029", R"("\u2028\u2029")"},
      {"\xC3\xA9\U0001F600", "\"\xC3\xA9\U0001F600\""},
      {"a\xFFz", "\"a\xEF\xBF\xBDz\""},
      {"\xE2\x82", "\"\xEF\xBF\xBD\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.in);
    CHECK(quoted(row.in) == row.out);
  }
}

TEST_CASE("the writer keeps order and puts every comma") {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("text", "a\nb");
  json.member("int", 3).member("big", std::uint64_t{18446744073709551615u});
  json.member("negative", std::int64_t{-5}).member("double", 2.5);
  json.member("nan", std::nan("")).member("flag", true).key("none").null();
  json.key("list").begin_array().value(1).value("x").begin_object().end_object();
  json.begin_array().end_array().raw("{\"r\":1}").end_array();
  json.key("nested").begin_object().member("a", false).end_object();
  json.end_object();
  CHECK(out ==
        R"({"text":"a\nb","int":3,"big":18446744073709551615,"negative":-5,"double":2.5,)"
        R"("nan":null,"flag":true,"none":null,"list":[1,"x",{},[],{"r":1}],"nested":{"a":false}})");
}
