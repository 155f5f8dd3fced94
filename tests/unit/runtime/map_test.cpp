// The events that the searches of a map need are known before its values are: a map finds what its
// search finds with the values written in by hand.
#include <cstring>
#include <set>
#include <tuple>

#include "catch.hpp"
#include "runtime/scan.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

const std::string source = R"(source=\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\" EventCode=1 )";

std::string unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) != std::string::npos; ++at) text.erase(at, 1);
  return text;
}

struct Found {
  std::string rows, reason;
};

Found found(const std::string& search) {
  const ScratchFolder folder;
  runtime::KnowledgeOptions options;
  options.rules = {folder.write("t.yml", "name: T\nid: 11111111-2222-3333-4444-555555555555\ntype: TTP\nstatus: production\nsearch: |-\n  " +
                                             search + "\n")};
  options.content = std::string(ESCUDO_ROOT) + "/content";
  const auto knowledge = runtime::load_knowledge(options);
  REQUIRE(knowledge->book->rules().size() == 1);
  std::string events;
  int number = 0;
  for (const auto& [user, image, id] : {std::tuple("zzz", "left.exe", "7"), {"aaa", "right.exe", "70"}, {"bbb", "77.exe", "700"}}) {
    ++number;
    events += R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"h","TimeCreated":"2024-05-01T10:00:0)" +
              std::to_string(number) + R"(Z","RecordNumber":)" + std::to_string(number) + R"(,"Image":")" + image +
              R"(","CommandLine":"run )" + image + R"(","User":")" + user + R"(","ProcessId":")" + id + "\"}\n";
  }
  runtime::ScanOptions scan;
  scan.paths = {folder.write("a.json", events)};
  Found out;
  std::multiset<std::string> rows;   // findings come by their time, which a map's row has a part in
  for (const findings::Finding& f : runtime::scan(*knowledge, scan, {}).findings) {
    std::string row = sinks::finding_json(f);
    row = row.substr(row.find("\"fields\""));
    rows.insert(row.substr(0, row.find('}') + 1) + "\n");
  }
  for (const std::string& row : rows) out.rows += row;
  out.reason = knowledge->book->rules().front().reason;
  return out;
}

// `search` with tokens in a map whose row has user, image, f, v and n; and with their values.
void compare(const std::string& search) {
  CAPTURE(search);
  std::string written = search;
  for (const auto& [token, value] : {std::pair("$user$", "zzz"), {"$image$", "left.exe"}, {"$f$", "Image"}, {"$v$", "right.exe"}, {"$n$", "100"}})
    for (std::size_t at = 0; (at = written.find(token)) != std::string::npos;) written.replace(at, std::strlen(token), value);
  const Found control = found(unescaped(written));
  const Found mapped = found(unescaped(source) + "Image=left.exe | stats count by User | rename User as user | eval image=\"left.exe\", f=\"Image\", "
                             "v=\"right.exe\", n=100 | map search=\"search " + search + "\"");
  CHECK(mapped.reason.empty());
  CHECK_FALSE(control.rows.empty());
  CHECK(mapped.rows == control.rows);
}

}  // namespace

TEST_CASE("a map finds events by what is not its values, or is less or more") {
  const std::string end = "| stats count by User ProcessId";
  for (const char* filter : {"User=$user$", "User!=$user$", "NOT User=$user$", "NOT (User=$user$ OR Image=$v$)", "NOT (User=$user$ Image=$v$)",
                             "ProcessId<$n$", "ProcessId>=$n$", "NOT ProcessId<$n$", "User IN (aaa, $user$)", "NOT User IN (aaa, $user$)",
                             "CommandLine=\\\"*$image$\\\"", "NOT CommandLine=\\\"*$image$\\\""})
    compare(source + filter + end);
}

TEST_CASE("a value of a map may name a field") {
  for (const char* rest : {"$f$=$v$ | stats count by User", "$f$!=$v$ | stats count by User", "NOT $f$=$v$ | stats count by User",
                           "| stats count by $f$", "| rename $f$ as q | stats count by q", "| rename $f$ as q | search q=$v$ | stats count by User",
                           "| table $f$ User", "| dedup $f$ | stats count by User", "| where User!=\\\"$user$\\\" | stats values($f$) as all by User",
                           "| head $n$ | stats count by User"})
    compare(source + rest);
}

TEST_CASE("a map finds what a join, a subsearch or a data model gives") {
  compare(source + "User!=$user$ | stats count by User | join User [search " + source + "Image!=$image$ | stats count as n by User]");
  compare(source + "[search " + source + "User!=$user$ | fields User] Image!=$image$ | stats count by User");
  compare(source + "Image=$image$ | stats count by User | append [search " + source + "NOT User=$user$ | stats count by User]");
  const std::string model = "from datamodel=Endpoint.Processes where Processes.process=*right* ";
  const Found control = found("| tstats count " + model + "Processes.user!=\"zzz\" by Processes.process");
  CHECK_FALSE(control.rows.empty());
  CHECK(found(unescaped(source) + "User=zzz | stats count by User | map search=\"| tstats count " + model +
              "Processes.user!=$User$ by Processes.process\"").rows == control.rows);
}

TEST_CASE("a map within a map, whose values come from the outer one's rows") {
  const std::string start = unescaped(source) + "User=zzz | stats count by User | map search=\"search source=XmlWinEventLog:* Image=right.exe | stats count by Image "
                            "| map search=\\\"search source=XmlWinEventLog:* ";
  const Found mapped = found(start + "NOT User=$User$ ProcessId>70 | stats count by User\\\"\"");
  CHECK(mapped.reason.empty());
  CHECK(mapped.rows.find("\"bbb\"") != std::string::npos);
  CHECK(mapped.rows.find("\"aaa\"") == std::string::npos);
}

TEST_CASE("no stand-in for a value makes a map invalid that its values do not") {
  for (const char* rest : {"| head $n$", "| rename $f$ as q", "| bin span=$n$ ProcessId", "| eval x=round(ProcessId, $n$)", "| rex field=$f$ \\\"(?<z>x)\\\""}) {
    CAPTURE(rest);
    CHECK(found(unescaped(source) + "| stats count by User | eval n=1, f=\"Image\" | map search=\"search " + source + rest + "\"").reason.empty());
  }
}
