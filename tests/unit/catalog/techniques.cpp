// Techniques and tactics of ATT&CK, from a folder and as shipped.

#include <set>

#include "catalog/catalog.hpp"
#include "catch.hpp"
#include "scratch.hpp"

using namespace escudo;
using catalog::Catalog;

TEST_CASE("techniques know their tactics, the first folder wins") {
  ScratchFolder first, second;
  first.write("attack/techniques.csv", "technique,name,tactics\nT1,One,\"execution  discovery\"\n");
  second.write("attack/techniques.csv", "technique,name,tactics\nT1,Other,impact\nT2,,impact\n");
  second.write("attack/tactics.csv", "tactic,id\nimpact,TA0040\n");
  Catalog c;
  base::Diagnostics problems;
  c.add_folder(first.path(), problems);
  c.add_folder(second.path(), problems);
  CHECK(codes(problems) == "");
  REQUIRE(c.find_technique("T1"));
  CHECK(c.find_technique("T1")->name == "One");
  CHECK(c.find_technique("T1")->tactics == std::vector<std::string>{"execution", "discovery"});
  REQUIRE(c.find_technique("T2"));
  CHECK(c.find_technique("T3") == nullptr);
  CHECK(c.tactic_id("impact") == "TA0040");
  CHECK(c.tactic_id("execution") == "");
}

TEST_CASE("a table with other columns is an error and left out") {
  ScratchFolder f;
  f.write("attack/techniques.csv", "id,tactics\nT1,impact\n");
  Catalog c;
  base::Diagnostics problems;
  c.add_folder(f.path(), problems);
  CHECK(codes(problems) == "error bad-attack-table 0:0");
  CHECK(c.find_technique("T1") == nullptr);
}

TEST_CASE("every tactic of the shipped techniques has an id") {
  Catalog c;
  base::Diagnostics problems;
  c.add_folder(std::string(ESCUDO_ROOT) + "/content", problems);
  CHECK(codes(problems) == "");
  std::set<std::string> tactics;
  for (int parent = 1000; parent < 1700; ++parent) {
    if (const auto* t = c.find_technique("T" + std::to_string(parent))) {
      CHECK_FALSE(t->tactics.empty());
      tactics.insert(t->tactics.begin(), t->tactics.end());
    }
  }
  CHECK(tactics.size() >= 12);
  for (const std::string& tactic : tactics) CHECK(c.tactic_id(tactic).starts_with("TA00"));
}
