#include "risk/entities.hpp"
#include "catch.hpp"

using namespace escudo;

namespace {

findings::Finding scoring(std::vector<findings::ScoredObject> objects) {
  findings::Finding f;
  f.risk.emplace();
  f.risk->objects = std::move(objects);
  return f;
}

std::string shown(const risk::EntityTotals& totals) {
  std::string out;
  for (const auto& e : totals.ranked()) {
    out += e.type + ":" + e.value + "=" + std::to_string(static_cast<int>(e.score)) + "/" +
           std::to_string(e.findings) + " ";
  }
  return out;
}

}  // namespace

TEST_CASE("entities add up over findings, the highest first") {
  risk::EntityTotals totals;
  CHECK(shown(totals) == "");
  totals.add(findings::Finding{});  // no risk
  totals.add(scoring({{"user", "user", "bob", 25}, {"dest", "system", "pc", 25}}));
  totals.add(scoring({{"dest", "system", "pc", 60}}));
  totals.add(scoring({{"dest", "system", "bob", 25}}));  // a host of that name is somebody else
  CHECK(shown(totals) == "system:pc=85/2 system:bob=25/1 user:bob=25/1 ");
}

TEST_CASE("an entity named in two fields of a row is scored twice and counted once") {
  risk::EntityTotals totals;
  totals.add(scoring({{"dest", "system", "pc", 30}, {"src", "system", "pc", 20}}));
  CHECK(shown(totals) == "system:pc=50/1 ");
}

TEST_CASE("values are compared byte by byte") {
  risk::EntityTotals totals;
  totals.add(scoring({{"dest", "system", "PC", 1}, {"dest", "system", "pc", 2}}));
  CHECK(shown(totals) == "system:pc=2/1 system:PC=1/1 ");
}
