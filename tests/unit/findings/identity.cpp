// Which findings are the same, and their order.

#include "base/hash.hpp"
#include "catch.hpp"
#include "findings/finding.hpp"

using namespace escudo;
using event::Value;
using findings::Finding;
using Fields = std::vector<std::pair<std::string, Value>>;

namespace {

std::string id_of(const std::string& rule_id, const Fields& key) {
  rules::Rule rule;
  rule.id = rule_id;
  return findings::finding_id(rule, key);
}

rules::RulePtr rule_named(const std::string& name, const std::string& id = "1") {
  auto rule = std::make_shared<rules::Rule>();
  rule->name = name;
  rule->id = id;
  return rule;
}

Finding made(const std::string& name, std::optional<int> second, Fields fields = {}) {
  Finding f;
  f.rule = rule_named(name);
  if (second) f.first_time = base::from_epoch_seconds(*second);
  f.fields = std::move(fields);
  return f;
}

}  // namespace

TEST_CASE("the id is the hash of an unambiguous text") {
  CHECK(id_of("ab", {{"user", Value("bob")}, {"n", Value()}, {"m", Value::many({"x", "yz"})}}) ==
        base::sha256_hex("2:ab4:user1:3:bob1:n0:1:m2:1:x2:yz").substr(0, 32));
  CHECK(id_of("ab", {}) == base::sha256_hex("2:ab").substr(0, 32));
}

TEST_CASE("ids tell keys apart, not the type a value has") {
  const std::string id = id_of("r", {{"a", Value("5")}});
  CHECK(id.size() == 32);
  CHECK(id == id_of("r", {{"a", Value(5.0)}}));
  CHECK(id != id_of("s", {{"a", Value("5")}}));
  CHECK(id != id_of("r", {{"b", Value("5")}}));
  CHECK(id != id_of("r", {{"a", Value("6")}}));
  CHECK(id_of("r", {{"a", Value("")}}) != id_of("r", {{"a", Value()}}));
  CHECK(id_of("r", {{"a", Value("b1:c")}}) != id_of("r", {{"a", Value("b")}, {"c", Value()}}));
  CHECK(id_of("r", {{"a", Value::many({"x", "y"})}}) != id_of("r", {{"a", Value("x\ny")}}));
}

TEST_CASE("findings are sorted by time, name, row") {
  std::vector<Finding> all;
  all.push_back(made("A", std::nullopt));
  all.push_back(made("B", 20));
  all.push_back(made("A", 20, {{"x", Value("2")}}));
  all.push_back(made("A", 20, {{"x", Value("1")}, {"y", Value("1")}}));
  all.push_back(made("A", 20, {{"x", Value("1")}}));
  all.push_back(made("C", 10));
  const std::vector<Finding> given = all;
  const auto print = [](const std::vector<Finding>& list) {
    std::string out;
    for (const Finding& f : list) {
      out += f.rule->name;
      for (const auto& [name, value] : f.fields) out += name + value.text();
      out += ' ';
    }
    return out;
  };
  findings::sort_findings(all);
  CHECK(print(all) == "C Ax1 Ax1y1 Ax2 B A ");
  std::vector<Finding> back(given.rbegin(), given.rend());
  findings::sort_findings(back);
  CHECK(print(back) == print(all));
}

TEST_CASE("equal rows of two detections fall to id and file") {
  Finding a = made("A", 1), b = made("A", 1);
  a.rule = rule_named("A", "2");
  b.rule = rule_named("A", "1");
  std::vector<Finding> all{a, b};
  findings::sort_findings(all);
  CHECK(all[0].rule->id == "1");
}
