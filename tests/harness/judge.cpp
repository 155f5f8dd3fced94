#include "harness/judge.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

using namespace escudo::harness;

namespace {

Finding finding(const std::string& rule, const std::string& id, double user_score = 25) {
  Finding f;
  f["type"] = "finding";
  f["detection"] = rule;
  f["id"] = id;
  f["risk"]["score"] = user_score;
  f["risk"]["objects"] = {{{"field", "user"}, {"value", "alice"}, {"score", user_score}},
                          {{"field", "dest"}, {"value", "pc"}, {"score", 25}}};
  return f;
}

const std::vector<Finding> three{finding("A", "id-a"), finding("A", "id-a", 0.5), finding("B", "id-b")};

std::vector<std::string> failures(const Case& c, const std::vector<Finding>& findings = three) {
  Verdict verdict;
  judge_findings(c, findings, verdict);
  return verdict.failures;
}

Case ignoring_others() {
  Case c;
  c.unexpected = Unexpected::ignore;
  return c;
}

Bounds exactly(double n) { return {n, {}, {}}; }
Bounds at_least(double n) { return {{}, n, {}}; }
Bounds at_most(double n) { return {{}, {}, n}; }

}  // namespace

TEST_CASE("findings are counted by rule name or id") {
  for (const char* rule : {"A", "id-a"}) {
    auto c = ignoring_others();
    c.expect = {{rule, exactly(2)}};
    CHECK(failures(c).empty());
    c.expect = {{rule, exactly(1)}};
    CHECK(failures(c) == std::vector<std::string>{std::string("expected exactly 1 of \"") + rule +
                                                  "\", found 2"});
  }
}

TEST_CASE("each bound is checked on its own side") {
  auto c = ignoring_others();
  for (const auto& [bounds, holds] : std::vector<std::pair<Bounds, bool>>{
           {at_least(2), true}, {at_least(3), false}, {at_most(2), true}, {at_most(1), false},
           {Bounds{{}, 1, 2}, true}, {Bounds{{}, 1, 1}, false}}) {
    c.expect = {{"A", bounds}};
    CHECK(failures(c).empty() == holds);
  }
  c.expect = {{"no such rule", exactly(0)}};
  CHECK(failures(c).empty());
  c.expect = {{"no such rule", at_least(1)}};
  CHECK(failures(c).size() == 1);
}

TEST_CASE("an entity's risk is the sum over all findings") {
  auto c = ignoring_others();
  c.risk = {{"alice", exactly(50.5)}, {"pc", at_least(75)}, {"nobody", exactly(0)}};
  CHECK(failures(c).empty());
  c.risk = {{"alice", exactly(50)}, {"pc", at_least(75.5)}};
  CHECK(failures(c) == std::vector<std::string>{
                           "expected risk of exactly 50 for \"alice\", found 50.5",
                           "expected risk of at least 75.5 for \"pc\", found 75"});
}

TEST_CASE("a finding without a risk block adds no risk") {
  auto f = finding("A", "id-a");
  f.erase("risk");
  auto c = ignoring_others();
  c.risk = {{"alice", exactly(0)}};
  CHECK(failures(c, {f}).empty());
}

TEST_CASE("findings nobody expected fail, warn or are ignored") {
  Case c;
  c.expect = {{"A", exactly(2)}};
  Verdict verdict;
  judge_findings(c, three, verdict);
  CHECK(verdict.failures == std::vector<std::string>{"did not expect \"B\", found 1"});
  CHECK(verdict.warnings.empty());

  verdict = {};
  c.unexpected = Unexpected::warn;
  judge_findings(c, three, verdict);
  CHECK(verdict.failures.empty());
  CHECK(verdict.warnings.size() == 1);

  verdict = {};
  c.unexpected = Unexpected::ignore;
  judge_findings(c, three, verdict);
  CHECK(verdict.failures.empty());
  CHECK(verdict.warnings.empty());
}

TEST_CASE("the way a run ended is judged") {
  Case c;
  c.exit = 2;
  c.says = {"cannot read"};
  const Limits limits;
  const auto judged = [&](const Outcome& outcome) {
    Verdict verdict;
    judge_run(c, outcome, limits, verdict);
    return verdict.failures;
  };
  CHECK(judged({Outcome::End::exited, 2, {}, "cannot read x\n"}).empty());
  CHECK(judged({Outcome::End::exited, 2, {}, "quiet"}).size() == 1);
  CHECK(judged({Outcome::End::exited, 0, {}, "cannot read x"}).size() == 1);
  CHECK(judged({Outcome::End::killed_by_signal, 2, {}, "cannot read x"}) ==
        std::vector<std::string>{"the scan was killed by signal 2, expected exit code 2"});
  CHECK(judged({Outcome::End::time_limit, 9, {}, {}}).size() == 2);
}

TEST_CASE("each finding of a rule has the score and the risk objects that are expected of it") {
  auto c = ignoring_others();
  c.expect = {{"A", exactly(2), 25, {"user", "dest"}}};
  CHECK(failures(c) == std::vector<std::string>{"expected \"A\" [] to score 25, it scores 0.5"});
  c.expect = {{"B", exactly(1), 25, {"user", "dest"}}};
  CHECK(failures(c).empty());
  c.expect = {{"B", exactly(1), 26, {"host"}}};
  CHECK(failures(c) == std::vector<std::string>{"expected \"B\" [] to score 26, it scores 25",
                                                "expected \"B\" [] to put `host` at risk"});
  auto bare = finding("B", "id-b");
  bare.erase("risk");
  CHECK(failures(c, {bare}).size() == 2);
}

TEST_CASE("`only` leaves the other rules' findings out of everything") {
  auto c = ignoring_others();
  c.unexpected = Unexpected::fail;
  c.only = {"B"};
  CHECK(judged_findings(c, three).size() == 1);
  c.only = {"id-a"};
  CHECK(judged_findings(c, three).size() == 2);
  c.only = {};
  CHECK(judged_findings(c, three).size() == 3);
}
