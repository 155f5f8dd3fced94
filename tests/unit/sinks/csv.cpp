#include "base/csv.hpp"
#include "catch.hpp"
#include "support.hpp"

using namespace escudo;
using event::Value;

namespace {

const std::string head =
    "first_time,last_time,detection,detection_type,score,message,count,dest,user,process,"
    "risk_objects,threat_objects,mitre_attack,analytic_stories,records_total,records,fields,id,"
    "finding_id\n";

// The cell of the only row.
std::string cell(const std::string& csv, const std::string& column) {
  const auto table = base::parse_csv(csv);
  REQUIRE(table);
  REQUIRE(table->rows.size() == 1);
  for (std::size_t i = 0; i < table->header.size(); ++i) {
    if (table->header[i] == column) return table->rows[0][i];
  }
  FAIL("no column " << column);
  return {};
}

}  // namespace

TEST_CASE("a row a finding") {
  CHECK(printed("csv", {}) == head);
  CHECK(printed("csv", {wmi_finding()}) ==
        head +
            "2020-09-14T12:06:01Z,2020-09-14T12:06:01Z,Windows WMI Process Call Create,Hunting,25,"
            "\"process with WMIC.exe /node:WS6 process call create \"\"net user\"\" commandline "
            "executed in WS5.theshire.local\",1,WS5.theshire.local,THESHIRE\\pgustavo,"
            "\"WMIC.exe /node:WS6 process call create \"\"net user\"\"\","
            "user THESHIRE\\pgustavo +25; system WS5.theshire.local +25,,T1047,"
            "Volt Typhoon; Qakbot,1,logs/a.evtx#423322,"
            "\"{\"\"parent_process_name\"\":\"\"powershell.exe\"\",\"\"process\"\":\"\"WMIC.exe "
            "/node:WS6 process call create \\\"\"net "
            "user\\\"\"\"\",\"\"process_guid\"\":\"\"null\"\","
            "\"\"dest\"\":\"\"WS5.theshire.local\"\",\"\"user\"\":\"\"THESHIRE\\\\pgustavo\"\","
            "\"\"count\"\":1,\"\"firstTime\"\":\"\"2020-09-14T12:06:01\"\",\"\"lastTime\"\":"
            "\"\"2020-09-14T12:06:01\"\"}\",0661c2de-93de-11ec-9833-acde48001122,"
            "0123456789abcdef0123456789abcdef\n");
}

TEST_CASE("formulas do not run, line ends and escapes do not get out") {
  auto f = bare_finding();
  f.fields = {{"dest", Value("=cmd|' /C calc'!A0")},
              {"user", Value("@SUM(1)")},
              {"process", Value("a\r\nb\x1b[2J")}};
  const std::string csv = printed("csv", {f});
  CHECK(cell(csv, "dest") == "'=cmd|' /C calc'!A0");
  CHECK(cell(csv, "user") == "'@SUM(1)");
  CHECK(cell(csv, "process") == "a\\x0d\\x0ab\\x1b[2J");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 2);
}

TEST_CASE("a finding without risk, and multivalues") {
  auto f = bare_finding();
  f.fields.emplace_back("user", Value::many({"a", "b"}));
  const std::string csv = printed("csv", {f});
  CHECK(cell(csv, "score") == "");
  CHECK(cell(csv, "first_time") == "");
  CHECK(cell(csv, "risk_objects") == "");
  CHECK(cell(csv, "user") == "a; b");
  CHECK(cell(csv, "fields") == R"({"Computer":"pc","n":2.5,"user":["a","b"]})");
}
