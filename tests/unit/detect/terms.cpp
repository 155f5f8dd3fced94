#include "detect/terms.hpp"

#include <map>

#include "catch.hpp"
#include "spl/parser.hpp"

using namespace escudo;

namespace {

using Row = std::map<std::string, std::vector<std::string>>;

// "term (field=value …)" of what lost, parted by "; ".
std::string lost(const std::string& filter, const Row& row) {
  std::vector<spl::TextProblem> problems;
  const auto expr = spl::parse_search_expression(filter, problems);
  REQUIRE(expr);
  const detect::Terms terms(*expr);
  std::string out;
  const auto values = [&](const std::string& field) {
    const auto at = row.find(field);
    return at == row.end() ? std::vector<std::string>{} : at->second;
  };
  for (const detect::LostTerm& term : terms.lost(values)) {
    out += (out.empty() ? "" : "; ") + term.term;
    for (const auto& [field, seen] : term.saw) {
      out += " (" + field;
      for (const std::string& value : seen) out += " " + value;
      out += ")";
    }
  }
  CHECK(terms.hold(values) == out.empty());
  return out;
}

const Row row = {{"a", {"1"}}, {"b", {"x", "y"}}};

}  // namespace

TEST_CASE("the first part of an AND that fails") {
  CHECK(lost("a=1 b=x", row) == "");
  CHECK(lost("a=1 b=z c=1", row) == "b=z (b x y)");
  CHECK(lost("c=1 b=z", row) == "c=1 (c)");
}

TEST_CASE("all alternatives of an OR") {
  CHECK(lost("a=2 OR b=z", row) == "a=2 (a 1); b=z (b x y)");
  CHECK(lost("a=1 (b=z OR (c=1 a=1))", row) == "b=z (b x y); c=1 (c)");
}

TEST_CASE("what a NOT found") {
  CHECK(lost("NOT a=1", row) == "NOT a=1 (a 1)");
  CHECK(lost("NOT (c=1 OR b=y)", row) == "NOT b=y (b x y)");
  CHECK(lost("NOT (a=1 b=x)", row) == "NOT a=1 (a 1); NOT b=x (b x y)");
  CHECK(lost("NOT (NOT a=2)", row) == "a=2 (a 1)");
}

TEST_CASE("long lists are cut") {
  std::string filter = "a=100";
  for (int i = 0; i < 100; ++i) filter += " OR a=" + std::to_string(i + 200);
  const std::string out = lost(filter, row);
  CHECK(std::count(out.begin(), out.end(), ';') == 11);
}
