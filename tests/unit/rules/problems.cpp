// A bad rule deserves a good sentence.

#include "catch.hpp"
#include "rules/rule.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

// What a broken rule renders as; it must not load.
std::string rejected(const std::string& yaml) {
  base::Diagnostics problems;
  CHECK_FALSE(rules::load_rule(yaml, "bad.yml", problems));
  std::string out;
  for (const auto& d : problems) out += d.render();
  return out;
}

// Codes of the warnings of a rule that loads.
std::string warned(const std::string& yaml) {
  base::Diagnostics problems;
  CHECK(rules::load_rule(yaml, "odd.yml", problems));
  return codes(problems);
}

const std::string head = "name: A\nid: b\nsearch: x\n";

}  // namespace

TEST_CASE("what is missing is named, with the place to add it") {
  CHECK(rejected("name: A\nid: b\ntype: TTP\n") ==
        "bad.yml:1:1: error[missing-search]: the detection has no `search`\n"
        "  1 | name: A\n"
        "    | ^\n"
        "  hint: the SPL to run, quoted or as a block (`|-`)\n");
  CHECK(rejected("name: A\nsearch: x\n") ==
        "bad.yml:1:1: error[missing-id]: the detection has no `id`\n"
        "  1 | name: A\n"
        "    | ^\n"
        "  hint: any text that no other detection uses; a UUID is usual\n");
  CHECK(rejected("id: b\nname:\nsearch: x\n") ==
        "bad.yml:2:1: error[missing-name]: `name` is empty\n"
        "  2 | name:\n"
        "    | ^^^^\n"
        "  hint: a detection has a `name`, an `id` and a `search`\n");
}

TEST_CASE("a misspelt key is pointed at") {
  CHECK(rejected("name: A\nid: b\ntype: TTP\nserach: index=main\n") ==
        "bad.yml:4:1: error[missing-search]: the detection has no `search`\n"
        "  4 | serach: index=main\n"
        "    | ^^^^^^\n"
        "  hint: is `serach` a misspelling of it?\n");
}

TEST_CASE("a required text of another type is an error, all of them at once") {
  base::Diagnostics problems;
  CHECK_FALSE(rules::load_rule("name: [A]\nid: {a: b}\nsearch: [x]\n", "bad.yml", problems));
  CHECK(codes(problems) == "error wrong-type 1:7; error wrong-type 2:5; error wrong-type 3:9");
  CHECK(problems[0].message == "`name` must be text, not a list");
  CHECK(problems[1].message == "`id` must be text, not a map");
}

TEST_CASE("text that is no YAML is an error with a place") {
  base::Diagnostics problems;
  CHECK_FALSE(rules::load_rule("name: A\n  id: [unclosed\n", "bad.yml", problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].severity == base::Severity::error);
  CHECK(problems[0].file == "bad.yml");
  CHECK(problems[0].line > 0);
}

TEST_CASE("YAML that is no detection is an error when asked for") {
  CHECK(rejected("name: m\ndefinition: search *\n") ==
        "bad.yml:1:1: error[not-a-detection]: this file is no detection\n"
        "  1 | name: m\n"
        "    | ^\n"
        "  hint: a detection is a map with `name`, `id` and `search`\n");
  CHECK(rejected("- a\n- b\n").find("not-a-detection") != std::string::npos);
  CHECK(rejected("").find("not-a-detection") != std::string::npos);
}

TEST_CASE("optional things of the wrong type are warnings, and the rule runs") {
  CHECK(warned(head + "type: Hunt\n") == "warning unknown-type 4:7");
  CHECK(warned(head + "data_source: {a: b}\n") == "warning wrong-type 4:14");
  CHECK(warned(head + "tags: some\n") == "warning wrong-type 4:7");
  CHECK(warned(head + "tests: text\n") == "warning wrong-type 4:8");
  CHECK(warned(head + "tags:\n  mitre_attack_id: [[T1]]\n") == "warning wrong-type 5:21");
  CHECK(warned(head + "status: [a]\n") == "warning wrong-type 4:9");
}

TEST_CASE("what is odd about risk is a warning") {
  const std::string tags = head + "tags:\n  confidence: 50\n  impact: 50\n";
  CHECK(warned(tags + "  risk_score: 80\n") == "warning risk-score-mismatch 7:15");
  CHECK(warned(tags + "  risk_score: 25.4\n") == "");  // rounding
  CHECK(warned(tags + "  observable: [{type: User, role: [Victim]}]\n") ==
        "warning bad-observable 7:16");
  CHECK(warned(tags + "  observable: [{name: u, type: User, role: [Owner]}]\n") ==
        "warning bad-observable 7:16");
  CHECK(warned(head + "tags:\n  confidence: high\n  impact: 50\n") == "warning wrong-type 5:15");

  const std::string rba = head + "rba:\n  message: m\n  risk_objects:\n";
  CHECK(warned(rba + "  - {field: u, type: person, score: 5}\n") == "warning bad-risk-object 7:22");
  CHECK(warned(rba + "  - {field: u, type: user, score: 500}\n") == "warning bad-risk-object 7:35");
  CHECK(warned(rba + "  - {field: u, type: user, score: many}\n") ==
        "warning wrong-type 7:35; warning bad-risk-object 7:5");
  CHECK(warned(rba + "  - {type: user, score: 5}\n") == "warning bad-risk-object 7:5");
  CHECK(warned(head + "rba:\n  threat_objects: [{type: url}]\n") ==
        "warning bad-threat-object 5:20");
  CHECK(warned(head + "finding: text\n") == "warning wrong-type 4:10");
}

TEST_CASE("a mismatched score is computed, not believed") {
  base::Diagnostics problems;
  const auto rule = rules::load_rule(
      head + "tags:\n  confidence: 50\n  impact: 50\n  risk_score: 80\n", "odd.yml", problems);
  REQUIRE(rule);
  REQUIRE(rule->risk);
  CHECK(rule->risk->score() == 25);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].render() ==
        "odd.yml:7:15: warning[risk-score-mismatch]: risk_score is 80, but impact x confidence / "
        "100 is 25\n"
        "  7 |   risk_score: 80\n"
        "    |               ^^\n"
        "  hint: 25 is used\n");
}
