// Conditions: sharing of predicates, and that simplifying never changes an answer.
#include "match/condition.hpp"

#include <random>

#include "catch.hpp"
#include "spl/parser.hpp"

using namespace escudo;

namespace {

match::Condition compile(const std::string& text, match::PredicateSet& set) {
  std::vector<spl::TextProblem> problems;
  auto expr = spl::parse_search_expression(text, problems);
  REQUIRE(expr);
  return match::Condition::compile(*expr, 0xFFFF, set);
}

std::string random_expression(std::mt19937& random, int depth) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  if (depth == 0 || pick(3) == 0) return std::string(1, static_cast<char>('a' + pick(5))) + "=" + std::to_string(pick(2));
  switch (pick(3)) {
    case 0: return "NOT (" + random_expression(random, depth - 1) + ")";
    case 1: return "(" + random_expression(random, depth - 1) + " OR " + random_expression(random, depth - 1) + ")";
    default: return "(" + random_expression(random, depth - 1) + " " + random_expression(random, depth - 1) + ")";
  }
}

}  // namespace

TEST_CASE("equal comparisons of different rules are one predicate") {
  match::PredicateSet set;
  compile("Image=*\\\\cmd.exe EventCode=1", set);
  compile("EventCode=1 OR image=x", set);
  compile("EventCode IN (1) Image=*\\\\CMD.exe", set);
  CHECK(set.size() == 3);
}

TEST_CASE("OR binds tighter than AND") {
  match::PredicateSet set;
  CHECK(compile("type=A comm=B OR exe=C AND NOT uid=D", set).print(set) ==
        "all(type=1:a, any(comm=1:b, exe=1:c), not(uid=1:d))");
}

TEST_CASE("simplify with any part of the answers known gives the same verdict") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    match::PredicateSet set;
    const std::string text = random_expression(random, 4);
    const match::Condition condition = compile(text, set);
    std::vector<bool> answer(set.size()), known(set.size());
    for (std::size_t k = 0; k < set.size(); ++k) answer[k] = random() % 2, known[k] = random() % 2;
    const match::Condition simple = condition.simplify([&](match::PredicateId id) -> std::optional<bool> {
      if (known[id]) return answer[id];
      return std::nullopt;
    });
    INFO(text);
    auto ask = [&](match::PredicateId id) { return static_cast<bool>(answer[id]); };
    CHECK(condition.evaluate(ask) == simple.evaluate(ask));
    // What is known is never asked again.
    (void)simple.evaluate([&](match::PredicateId id) {
      CHECK_FALSE(known[id]);
      return static_cast<bool>(answer[id]);
    });
  }
}
