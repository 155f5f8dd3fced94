#include "base/csv.hpp"

#include "base/text.hpp"
#include "catch.hpp"

using namespace escudo::base;

namespace {

using Rows = std::vector<std::vector<std::string>>;

CsvTable parsed(std::string_view text) {
  auto table = parse_csv(text);
  REQUIRE(table);
  return *table;
}

std::string cell(std::string_view text, bool formula_safe = true) {
  std::string out;
  append_csv_cell(out, text, formula_safe);
  return out;
}

}  // namespace

TEST_CASE("CSV is read as RFC 4180 and spreadsheets write it") {
  struct Row {
    std::string_view text;
    std::vector<std::string> header;
    Rows rows;
  };
  const Row table[] = {
      {"a,b\n1,2\n", {"a", "b"}, {{"1", "2"}}},
      {"\xEF\xBB\xBF" "a,b\r\n1,2\r\n3,4", {"a", "b"}, {{"1", "2"}, {"3", "4"}}},
      {"a\n\"x,\"\"y\"\"\r\nz\"\n", {"a"}, {{"x,\"y\"\r\nz"}}},
      {"a,b,c\n1\n,,3\n", {"a", "b", "c"}, {{"1", "", ""}, {"", "", "3"}}},
      {"a,b\n\n1,2\n\r\n", {"a", "b"}, {{"1", "2"}}},
      {"a,b\n1,2,,\n", {"a", "b"}, {{"1", "2"}}},
      {"a,b\n x ,y\"z\n", {"a", "b"}, {{" x ", "y\"z"}}},
      {"a,b\n\"x\"y,2\n", {"a", "b"}, {{"xy", "2"}}},
      {"a,b\n\"\",\"\"\n", {"a", "b"}, {{"", ""}}},
      {"a\r1\r", {"a"}, {{"1"}}},
      {"", {}, {}},
      {"a,b", {"a", "b"}, {}},
  };
  for (const Row& row : table) {
    CAPTURE(row.text);
    const CsvTable got = parsed(row.text);
    CHECK(got.header == row.header);
    CHECK(got.rows == row.rows);
  }
}

TEST_CASE("CSV errors name the line") {
  const auto open = parse_csv("a,b\n\"x\ny\",2\n3,\"4\n5\n");
  REQUIRE_FALSE(open);
  CHECK(icontains(open.error(), "line 4:"));
  CHECK(icontains(open.error(), "not closed"));
  const auto surplus = parse_csv("a,b\n1,2\n\n1,2,3\n");
  REQUIRE_FALSE(surplus);
  CHECK(icontains(surplus.error(), "line 4:"));
  CHECK_FALSE(parse_csv("\"\"\""));
}

TEST_CASE("blanks around the names of columns are not part of them; cells keep theirs") {
  const CsvTable table = parsed("note, status\n a , True\n");
  CHECK(table.header == std::vector<std::string>{"note", "status"});
  CHECK(table.rows == Rows{{" a ", " True"}});
}

TEST_CASE("cells are quoted where needed and never run as formulas") {
  CHECK(cell("plain text") == "plain text");
  CHECK(cell("") == "");
  CHECK(cell("a,b") == "\"a,b\"");
  CHECK(cell("a \"b\"") == "\"a \"\"b\"\"\"");
  CHECK(cell("a\nb") == "\"a\nb\"");
  CHECK(cell(" a") == "\" a\"");
  CHECK(cell("=1+1") == "\"'=1+1\"");
  CHECK(cell("=1+1", false) == "=1+1");
  for (const std::string_view start : {"=", "+", "-", "@", "\t", "\r"}) {
    CHECK(cell(std::string(start) + "x").starts_with("\"'"));
  }
}

TEST_CASE("what append_csv_cell writes, parse_csv reads") {
  const std::vector<std::string> cells = {"", "a,b", "\"", "\r\n", "x\"\"y", " ", "é", ","};
  std::string text = "1,2,3,4,5,6,7,8\n";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += ',';
    append_csv_cell(text, cells[i], false);
  }
  CHECK(parsed(text + "\n").rows == Rows{cells});
}
