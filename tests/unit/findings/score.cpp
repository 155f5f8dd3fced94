// RBA of one row: objects, threats, score, message.

#include "catch.hpp"
#include "findings/finding.hpp"

using namespace escudo;
using event::Value;
using Fields = std::vector<std::pair<std::string, Value>>;

namespace {

rules::Rule rule_with(rules::RiskSpec spec) {
  rules::Rule rule;
  rule.name = "A";
  rule.id = "b";
  rule.risk = std::move(spec);
  return rule;
}

const rules::RiskSpec spec{"$process$ on $dest$",
                           {{"user", "user", 25}, {"dest", "system", 40}},
                           {{"process", "process"}},
                           0};

std::string shown(const findings::Risk& risk) {
  std::string out = std::to_string(static_cast<int>(risk.score)) + " " + risk.message;
  for (const auto& o : risk.objects) {
    out += "|" + o.field + "/" + o.type + "=" + o.value + ":" +
           std::to_string(static_cast<int>(o.score));
  }
  for (const auto& t : risk.threats) out += "|!" + t.field + "/" + t.type + "=" + t.value;
  return out;
}

std::string scored(const Fields& fields, const rules::RiskSpec& by = spec) {
  const auto risk = findings::score(rule_with(by), fields);
  REQUIRE(risk);
  return shown(*risk);
}

}  // namespace

TEST_CASE("a rule without risk scores nothing") {
  rules::Rule rule;
  CHECK_FALSE(findings::score(rule, {{"user", Value("bob")}}));
}

TEST_CASE("every risk object the row names is scored") {
  CHECK(scored({{"user", Value("bob")}, {"dest", Value("pc")}, {"process", Value("x.exe")}}) ==
        "40 x.exe on pc|user/user=bob:25|dest/system=pc:40|!process/process=x.exe");
}

TEST_CASE("absent, null, empty and \"null\" name nobody; unknown does") {
  const Fields rest{{"dest", Value("unknown")}, {"process", Value("null")}};
  const std::string wanted = "40 null on unknown|dest/system=unknown:40";
  CHECK(scored(rest) == wanted);
  for (const Value& nobody : {Value(), Value(""), Value("null")}) {
    Fields fields = rest;
    fields.emplace_back("user", nobody);
    CHECK(scored(fields) == wanted);
  }
}

TEST_CASE("the score is the highest of the objects that are there") {
  CHECK(scored({{"user", Value("bob")}, {"dest", Value("null")}, {"process", Value("p")}}) ==
        "25 p on null|user/user=bob:25|!process/process=p");
}

TEST_CASE("where no object is there the rule's own score stands") {
  CHECK(scored({{"process", Value("p")}}) == "40 p on $dest$|!process/process=p");
  CHECK(scored({}, {"m", {}, {}, 64}) == "64 m");
}

TEST_CASE("a multivalue gives an object for each distinct value") {
  CHECK(scored({{"user", Value::many({"bob", "null", "eve", "bob"})}, {"dest", Value(7.0)}}) ==
        "40 $process$ on 7|user/user=bob:25|user/user=eve:25|dest/system=7:40");
}

TEST_CASE("tokens of the message") {
  const Fields fields{{"user", Value("bob")},         {"many", Value::many({"a", "b"})},
                      {"number", Value(2.0)},         {"half", Value(0.5)},
                      {"empty", Value("")},           {"nothing", Value()},
                      {"with blank", Value("yes")},   {"tricky", Value("$user$")},
                      {"Processes.dest", Value("pc")}};
  const auto filled = [&](const std::string& m) { return findings::fill_message(m, fields); };
  CHECK(filled("") == "");
  CHECK(filled("none") == "none");
  CHECK(filled("$user$") == "bob");
  CHECK(filled("by $user$, $user$.") == "by bob, bob.");
  CHECK(filled("$many$") == "a, b");
  CHECK(filled("$number$ and $half$") == "2 and 0.5");
  CHECK(filled("[$empty$]") == "[]");
  CHECK(filled("$nothing$ $absent$") == "$nothing$ $absent$");
  CHECK(filled("$absent$user$") == "$absent$user$");  // a token that stays keeps both its marks
  CHECK(filled("$with blank$") == "yes");
  CHECK(filled("$tricky$") == "$user$");
  CHECK(filled("$Processes.dest$") == "pc");
  CHECK(filled("costs $5 and $user$") == "costs $5 and bob");
  CHECK(filled("lone $") == "lone $");
  CHECK(filled("$$user$$") == "$bob$");
}
