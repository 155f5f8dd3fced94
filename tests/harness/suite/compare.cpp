#include "harness/suite/compare.hpp"

#include "catch.hpp"
#include "harness/reports/reports.hpp"

using namespace escudo::harness;

namespace {

Found found(const std::string& id, double score = 25) {
  return {id, "2024-01-01T00:00:00Z", "message", score, {{"user", "user", "alice", score}}};
}

Report with(const std::string& id, State state, std::vector<Found> all) {
  Report r;
  TestReport& test = r.tests.emplace_back();
  test.detection = "Name of " + id;
  test.id = id;
  test.test = "t";
  test.state = state;
  test.found = std::move(all);
  return r;
}

bool all_gone(const TestReport&) { return true; }
std::vector<Change> compare(const Report& before, const Report& now) {
  return escudo::harness::compare(before, now, all_gone);
}

}  // namespace

TEST_CASE(
    "equal runs differ in nothing, whatever order findings came in and whatever a rule is called "
    "now") {
  auto now = with("1", State::pass, {found("b"), found("a")});
  now.tests[0].detection = "Another name";
  CHECK(compare(with("1", State::pass, {found("a"), found("b")}), now).empty());
}

TEST_CASE("findings gained, lost and scored otherwise are told apart") {
  const auto changes =
      compare(with("1", State::pass, {found("same"), found("lost"), found("scored", 25)}),
              with("1", State::pass, {found("same"), found("gained"), found("scored", 30)}));
  REQUIRE(changes.size() == 1);
  REQUIRE(changes[0].lost.size() == 1);
  CHECK(changes[0].lost[0].id == "lost");
  REQUIRE(changes[0].gained.size() == 1);
  CHECK(changes[0].gained[0].id == "gained");
  REQUIRE(changes[0].rescored.size() == 1);
  CHECK(changes[0].rescored[0].second.score == 30);
}

TEST_CASE("another risk object or message is a change at the same score") {
  auto other = found("a");
  SECTION("object") { other.objects[0].value = "bob"; }
  SECTION("message") { other.message = "else"; }
  CHECK(compare(with("1", State::pass, {found("a")}), with("1", State::pass, {other})).size() == 1);
}

TEST_CASE("a state that changes, a test that is new and one that is gone are changes") {
  auto changes = compare(with("1", State::pass, {}), with("1", State::fail, {}));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].before == "pass");
  CHECK(changes[0].after == "fail");
  changes = compare(with("1", State::pass, {}), with("2", State::pass, {}));
  REQUIRE(changes.size() == 2);
  CHECK((changes[0].before.empty() && changes[0].after == "pass"));
  CHECK((changes[1].before == "pass" && changes[1].after.empty()));
}

TEST_CASE(
    "one finding twice, as a detection without a key gives it, is not lost when it is there "
    "twice") {
  const auto twice = with("1", State::pass, {found("a"), found("a")});
  CHECK(compare(twice, twice).empty());
  const auto changes = compare(twice, with("1", State::pass, {found("a")}));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].lost.size() == 1);
}

TEST_CASE("a test that this run was not asked for is not told as gone") {
  auto before = with("1", State::pass, {found("a")});
  before.tests.push_back(with("2", State::pass, {found("b")}).tests[0]);
  before.tests.push_back(with("3", State::pass, {found("c")}).tests[0]);
  const auto changes = escudo::harness::compare(before, with("1", State::pass, {found("a")}),
                                                [](const TestReport& t) { return t.id == "3"; });
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].title == "Name of 3 · t");
  CHECK(changes[0].lost.size() == 1);
}

TEST_CASE("the terminal and Markdown tell the difference") {
  auto now = with("1", State::fail, {found("gained")});
  now.base = "main";
  now.changes = compare(with("1", State::pass, {found("lost")}), now);
  const auto text = terminal_report(now, {});
  CHECK(text.find("against main\n  Name of 1 · t: pass -> fail\n    - 2024-01-01T00:00:00Z lost "
                  "score 25") != std::string::npos);
  CHECK(text.find("    + 2024-01-01T00:00:00Z gained score 25 user alice \"message\"") !=
        std::string::npos);
  CHECK(markdown_report(now).find("| Name of 1 · t | pass | fail | 1 | 1 | 0 |") !=
        std::string::npos);
}
