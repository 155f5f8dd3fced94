#include "detect/risk_events.hpp"

#include "catch.hpp"
#include "scratch.hpp"

using namespace escudo;
using detect::Found;

namespace {

struct World {
  World() {
    folder.write("attack/techniques.csv",
                 "technique,name,tactics\nT1,One,execution\nT2,,execution discovery\n");
    folder.write("attack/tactics.csv", "tactic,id\nexecution,TA0002\ndiscovery,TA0007\n");
    base::Diagnostics problems;
    catalog.add_folder(folder.path(), problems);
    REQUIRE(problems.empty());
  }
  ScratchFolder folder;
  catalog::Catalog catalog;
};

Found found(const std::string& type, std::vector<std::string> techniques) {
  rules::Rule rule;
  rule.name = "R";
  rule.type = type;
  rule.mitre_attack = std::move(techniques);
  rule.analytic_stories = {"A", "B"};
  Found out;
  out.finding.rule = std::make_shared<const rules::Rule>(std::move(rule));
  out.finding.last_time = base::Time(std::chrono::seconds(60));
  out.finding.risk = findings::Risk{30,
                                    "said",
                                    {{"dest", "system", "pc1", 30}, {"user", "user", "bob", 20}},
                                    {{"p", "process", "x.exe"}}};
  out.evidence = pipeline::Evidence::of(7, base::Time(std::chrono::seconds(60)), true);
  return out;
}

std::string text(const pipeline::Table& table, std::size_t row, const std::string& column) {
  std::string out;
  for (const std::string& v : table.cell(table.rows[row], table.find(column)).values()) {
    out += (out.empty() ? "" : "|") + v;
  }
  return out;
}

}  // namespace

TEST_CASE("a finding is a risk event for each of its objects") {
  World world;
  const auto table = detect::risk_events({found("TTP", {"T1", "T2"})}, world.catalog);
  REQUIRE(table.rows.size() == 2);
  CHECK(text(table, 0, "risk_object") == "pc1");
  CHECK(text(table, 0, "risk_object_type") == "system");
  CHECK(text(table, 0, "calculated_risk_score") == "30");
  CHECK(text(table, 1, "risk_object") == "bob");
  CHECK(text(table, 1, "risk_score") == "20");
  CHECK(text(table, 1, "source") == "ESCU - R - Rule");
  CHECK(text(table, 1, "_time") == "60");
  CHECK(text(table, 1, "analyticstories") == "A|B");
  CHECK(text(table, 1, "threat_object") == "x.exe");
  CHECK(text(table, 1, "annotations.mitre_attack.mitre_technique_id") == "T1|T2");
  CHECK(text(table, 1, "annotations.mitre_attack.mitre_technique") == "One");
  CHECK(text(table, 1, "annotations.mitre_attack.mitre_tactic") == "execution|discovery");
  CHECK(text(table, 1, "annotations.mitre_attack.mitre_tactic_id") == "TA0002|TA0007");
  CHECK(table.rows[1].evidence.records.front().number == 7);
}

TEST_CASE("the tactic of a technique nobody knows is null") {
  World world;
  const auto table = detect::risk_events({found("Anomaly", {"T9"})}, world.catalog);
  CHECK(text(table, 0, "annotations.mitre_attack.mitre_technique_id") == "T9");
  CHECK(table.cell(table.rows[0], table.find("annotations.mitre_attack.mitre_tactic")).is_null());
}

TEST_CASE("hunting and correlation detections raise no risk, nor does a finding without objects") {
  World world;
  Found bare = found("TTP", {});
  bare.finding.risk->objects.clear();
  Found without = found("TTP", {});
  without.finding.risk.reset();
  const auto table = detect::risk_events(
      {found("Hunting", {}), found("Correlation", {}), bare, without}, world.catalog);
  CHECK(table.rows.empty());
}
