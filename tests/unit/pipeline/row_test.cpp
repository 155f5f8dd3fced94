// Rows between operators: what evidence counts, tables put together.
#include "pipeline/row.hpp"

#include "catch.hpp"

using namespace escudo;
using pipeline::Evidence;

TEST_CASE("a record that comes to a row twice counts once, also past those that are kept") {
  for (const bool falling : {false, true}) {
    Evidence e;
    for (std::int64_t k = 0; k < 150; ++k) {
      const std::int64_t n = falling ? 150 - k : k;
      // As mvexpand makes them: the rows of one record follow one another.
      for (int twice = 0; twice < 2; ++twice)
        e.merge(Evidence::of(static_cast<std::uint64_t>(n), base::Time(std::chrono::seconds(n)), true));
    }
    CHECK(e.total == 150);
    CHECK(e.records.size() == Evidence::kKept);
    CHECK(e.records.front().number == (falling ? 1 : 0));
    CHECK(e.records.back().number == (falling ? 100 : 99));
  }
}

TEST_CASE("rows that rest on the same records are merged with each record once") {
  Evidence a, b;
  for (std::uint64_t k = 0; k < 100; ++k) {
    a.add({base::Time(std::chrono::seconds(k)), k}, true);
    if (k >= 50) b.add({base::Time(std::chrono::seconds(k)), k}, true);
  }
  b.in_question = true;
  a.merge(b);
  CHECK(a.total == 100);
  CHECK(a.in_question);
}

TEST_CASE("tables are put together by the names of their columns") {
  pipeline::Table a, b;
  a.columns = {"x", "y"};
  a.rows.push_back({{pipeline::Value(1.0), pipeline::Value(2.0)}, {}});
  b.columns = {"z", "x", "w"};
  b.rows.push_back({{pipeline::Value(3.0), pipeline::Value(4.0), pipeline::Value(5.0)}, {}});
  a.append(std::move(b));
  CHECK(a.columns == std::vector<std::string>{"x", "y", "z", "w"});
  REQUIRE(a.rows.size() == 2);
  REQUIRE(a.rows[0].cells.size() == 4);
  CHECK(a.rows[0].cells[3].is_null());
  REQUIRE(a.rows[1].cells.size() == 4);
  CHECK(a.rows[1].cells[0].text() == "4");
  CHECK(a.rows[1].cells[1].is_null());
  CHECK(a.rows[1].cells[2].text() == "3");
  CHECK(a.rows[1].cells[3].text() == "5");
}
