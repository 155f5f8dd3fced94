// What is written comes back: through libevtx where it can read it, through the strict walker
// always.

#include "catch.hpp"

#include <cmath>
#include <cstdlib>

#include "binxml/evtx_file.hpp"
#include "describe/event_record.hpp"
#include "fixtures/odd_files.hpp"
#include "libevtx_reader.hpp"
#include "strict_walker.hpp"

using namespace escudo::writer;
using namespace writer_test;

namespace {

Event sysmon_event() {
  Event e;
  e.provider = "Microsoft-Windows-Sysmon";
  e.provider_guid = "5770385f-c22a-43e0-bf4c-06f5698ffbd9";
  e.event_id = 1;
  e.version = 5;
  e.task = 1;
  e.keywords = 0x8000000000000000;
  e.time = filetime_from_text("2024-03-05T09:00:01.1234567Z");
  e.record_id = 4522;
  e.process_id = 2912;
  e.thread_id = 3424;
  e.channel = "Microsoft-Windows-Sysmon/Operational";
  e.computer = "WKS01.corp.example";
  e.user_sid = "S-1-5-18";
  e.data = {{"ProcessId", Value::uint32(9428)},
            {"Image", Value::string("C:\\Windows\\System32\\wbem\\WMIC.exe")},
            {"CommandLine", Value::string("wmic  process call create \"cmd.exe /c a & b < c\" ")},
            {"LogonId", Value::hex64(0x2CC013)}};
  return e;
}

std::string file_of(const Event& e) {
  EvtxImage image;
  EventTemplates templates;
  image.add(1, e.time, templates.record(e));
  return image.bytes();
}

bool same_number(const std::string& a, const std::string& b) {
  return std::strtoull(a.c_str(), nullptr, 0) == std::strtoull(b.c_str(), nullptr, 0);
}

std::string lower(std::string s) {
  for (char& c : s) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return s;
}

// libevtx spells some types its own way; a value that is another value is never the same.
bool same_in_libevtx(const Value& v, const std::string& expected, const std::string& got) {
  switch (v.type()) {
    case Type::hex32:
    case Type::hex64:
    case Type::size:
      return same_number(expected, got);
    case Type::guid:
      return lower(expected) == lower(got);
    case Type::real32:
    case Type::real64:
      return std::fabs(std::atof(expected.c_str()) - std::atof(got.c_str())) < 1e-3;
    case Type::filetime:  // nine digits for our seven
      return got.substr(0, expected.size() - 1) == expected.substr(0, expected.size() - 1);
    default:
      return expected == got;
  }
}

// What both of Debian's libevtx (20181227, 20240504) or one of them get wrong. The strict walker
// and python-evtx vouch for these.
bool beyond_libevtx(const TypeCase& c) {
  for (const char* name : {"StringBeyond",  "StringLoneHigh",
                           "StringLoneLow",                        // surrogates
                           "StringControl", "StringNoncharacter",  // not XML 1.0
                           "StringLines",   "StringTrailingNul",
                           "Int32",         "Int8s",
                           "Int16s",        "Int32s",
                           "Int64s",                  // sign taken for a magnitude
                           "Ansi",          "Ansis",  // not escaped
                           "Size32",        "Size64",
                           "Bools",         "Sizes",
                           "Sids",          "SystemTime",
                           "SystemTimes",   "Null",
                           "NullWithSize"}) {
    if (c.name == name) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an event comes back from libevtx as it was described") {
  const Event e = sysmon_event();
  const ReadFile read = read_with_libevtx(file_of(e));
  REQUIRE(read.records.size() == 1);
  REQUIRE(read.records[0].error == "");
  const auto paths = paths_of(read.records[0].xml);
  const auto one = [&](const std::string& path) {
    const auto values = at(paths, path);
    REQUIRE(values.size() == 1);
    return values[0];
  };
  CHECK(one("System/Provider/@Name") == "Microsoft-Windows-Sysmon");
  CHECK(lower(one("System/Provider/@Guid")) == "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}");
  CHECK(one("System/EventID") == "1");
  CHECK(one("System/Version") == "5");
  CHECK(one("System/Level") == "4");
  CHECK(one("System/Task") == "1");
  CHECK(one("System/Opcode") == "0");
  CHECK(one("System/Keywords") == "0x8000000000000000");
  CHECK(one("System/TimeCreated/@SystemTime") == "2024-03-05T09:00:01.123456700Z");
  CHECK(one("System/EventRecordID") == "4522");
  CHECK(one("System/Execution/@ProcessID") == "2912");
  CHECK(one("System/Execution/@ThreadID") == "3424");
  CHECK(one("System/Channel") == "Microsoft-Windows-Sysmon/Operational");
  CHECK(one("System/Computer") == "WKS01.corp.example");
  CHECK(one("System/Security/@UserID") == "S-1-5-18");
  CHECK(at(paths, "System/EventID/@Qualifiers").empty());
  CHECK(at(paths, "System/Correlation/@ActivityID").empty());
  CHECK(one("EventData/Data[ProcessId]") == "9428");
  CHECK(one("EventData/Data[Image]") == "C:\\Windows\\System32\\wbem\\WMIC.exe");
  CHECK(one("EventData/Data[CommandLine]") ==
        "wmic  process call create \"cmd.exe /c a & b < c\" ");
  CHECK(same_number(one("EventData/Data[LogonId]"), "0x2cc013"));
}

TEST_CASE("UserData keeps its root, its namespace and its nesting") {
  Event e = sysmon_event();
  e.user_data = UserData{"LogFileCleared",
                         "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
                         {{"SubjectUserSid", Value::sid("S-1-5-21-1-2-3-500"), {}},
                          {"Deep", {}, {{"Inner", Value::string("below"), {}}}}}};
  const ReadFile read = read_with_libevtx(file_of(e));
  REQUIRE(read.records.at(0).error == "");
  const auto paths = paths_of(read.records[0].xml);
  CHECK(at(paths, "UserData/LogFileCleared/SubjectUserSid") ==
        std::vector<std::string>{"S-1-5-21-1-2-3-500"});
  CHECK(at(paths, "UserData/LogFileCleared/Deep/Inner") == std::vector<std::string>{"below"});
  CHECK(at(paths, "UserData/LogFileCleared/@xmlns") ==
        std::vector<std::string>{"http://manifests.microsoft.com/win/2004/08/windows/eventlog"});
}

TEST_CASE("every value type comes back from libevtx") {
  for (const auto& [file, cases] :
       {std::pair{"value_types", value_type_cases()}, std::pair{"arrays", array_cases()}}) {
    const ReadFile read = read_with_libevtx(odd_file(file));
    REQUIRE(read.records.size() == cases.size() + 1);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const TypeCase& c = cases[i];
      INFO(file << "/" << c.name);
      if (beyond_libevtx(c)) continue;
      CHECK(read.records[i].error == "");
      if (!read.records[i].error.empty()) continue;
      const auto got = at(paths_of(read.records[i].xml), "EventData/Data[" + c.name + "]");
      auto expected = c.value.texts();
      if (expected.empty()) expected = {""};  // an empty array: one empty element
      REQUIRE(got.size() == expected.size());
      for (std::size_t k = 0; k < got.size(); ++k) {
        INFO(expected[k] << " came as " << got[k]);
        CHECK(same_in_libevtx(c.value, expected[k], got[k]));
      }
      ++compared;
    }
    CHECK(compared > cases.size() / 2);
  }
}

TEST_CASE("the strict walker finds nothing wrong in any sound file") {
  for (const char* name :
       {"value_types", "arrays", "structures", "direct_records", "classic_events", "brimful",
        "wrapped", "dirty_understated", "preallocated"}) {
    INFO(name);
    std::vector<Walked> records;
    REQUIRE_NOTHROW(records = walk_strictly(odd_file(name)));
    CHECK(!records.empty());
  }
}

TEST_CASE("the strict walker sees values as the bytes they are") {
  const auto body = [](const std::string& outline) {
    return outline.substr(outline.find("<EventData"));
  };
  const auto row = [&](const std::string& inside) {
    return "<EventData><Data Name='" + inside + "</></></>";
  };
  const auto types = walk_strictly(odd_file("value_types"));
  const auto cases = value_type_cases();
  const auto outline_of = [&](const std::string& name) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (cases[i].name == name) return body(types.at(i).outline);
    }
    return std::string("no such case");
  };
  CHECK(outline_of("String") == row("String'>plain text"));
  CHECK(outline_of("StringBeyond").ends_with("\\65e5\\672c \\d83d\\de00</></></>"));
  CHECK(outline_of("StringLoneHigh") == row("StringLoneHigh'>a\\d83dz"));
  CHECK(outline_of("StringTrailingNul") == row("StringTrailingNul'>ends in NUL\\0000"));
  CHECK(outline_of("Ansi") == row("Ansi'>[02 636166e92026203c6372e86d653e]"));
  CHECK(outline_of("Int32") == row("Int32'>[07 ffffffff]"));
  CHECK(outline_of("Real64") == row("Real64'>[0c 00000000404893c0]"));
  CHECK(outline_of("BoolTrue") == row("BoolTrue'>[0d 01000000]"));
  CHECK(outline_of("Guid") == row("Guid'>[0f 10b8a76bad9dd11180b400c04fd430c8]"));
  CHECK(outline_of("Size32") == row("Size32'>[10 4c020000]"));
  CHECK(outline_of("Sid") ==
        row("Sid'>[13 010500000000000515000000dcf4dc3b833d2b46828ba62800020000]"));
  CHECK(outline_of("SystemTime") == row("SystemTime'>[12 e8070300020005000800"
                                        "1c0032007b00]"));
  CHECK(outline_of("Null") == "<EventData><~Data Name='Null'>[00]</></></>");
  CHECK(outline_of("NullWithSize") ==
        "<EventData><~Data Name='NullWithSize'>[00 00000000000000000000000000000000]</></></>");
}

TEST_CASE("structures have the tokens they should") {
  const auto records = walk_strictly(odd_file("structures"));
  const auto body = [&](std::size_t i) {
    const std::string& o = records.at(i).outline;
    return o.substr(
        o.find("</></>") == o.npos ? 0 : std::min(o.find("<EventData"), o.find("<UserData")));
  };
  const auto row = [](const std::string& inside) {
    return "<EventData><Data Name='Row'>" + inside + "</></></>";
  };
  CHECK(body(0) == row("a &lt; b &amp; c"));
  CHECK(body(1) == row("before &#65; between filled in"));
  CHECK(body(2) == row("CDATA(if (a < b && c) { })"));
  CHECK(body(3) == "<EventData><?escudo says=hello?><Data Name='Row'>after</></></>");
  CHECK(body(4) == row("ends in &#66;"));
  CHECK(body(5) == "<EventData Name='x&quot;y'><Data Name='Row'>filled in</></></>");
  CHECK(body(6) == row("filled in"));
  CHECK(body(7) == row("bare element, no header"));
  CHECK(body(8) == row("header, then an element"));
  CHECK(body(9) ==
        "<EventData><Data Name='Row'>first of two</></><RenderingInfo "
        "Culture='en-US'><Message>second of two</></></>");
  CHECK(body(10) == "<UserData><Outer><Inner>three levels down</><Tail/></></></>");
  CHECK(body(12) ==
        "<EventData><Data Name='Row'>both gone</><~Data Name='Maybe'>[00]</><Data Name='[00]'>its "
        "name is optional</></></>");
  CHECK(body(14) == row("[15 bc0a000000000000]"));
  CHECK(body(17) ==
        "<EventData><Data Name='Row'>[00 00000000000000000000000000000000]</><Data "
        "Name='Next'>after sixteen bytes</></></>");
}

TEST_CASE("direct records carry all their values as text") {
  const auto records = walk_strictly(odd_file("direct_records"));
  REQUIRE(records.size() == 5);
  CHECK(records[0].outline.find("<EventRecordID>5000</>") != std::string::npos);
  CHECK(records[0].outline.find("<TimeCreated SystemTime='2024-03-05T08:28:50.000000000Z'/>") !=
        std::string::npos);
  CHECK(records[4].outline.find("<EventID Qualifiers='16384'>100</>") != std::string::npos);
  CHECK(records[4].outline.ends_with("<EventData><Data>one</><Data/><Data>three</></></>"));
}
