#include "catch.hpp"
#include "packing.hpp"
#include "reading.hpp"
#include "sources/classic/header.hpp"
#include "sources/classic/labels.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

std::string event_text(const std::string& time, int code, const std::string& message) {
  return time + "\nLogName=Security\nSourceName=Microsoft Windows security auditing.\nEventCode=" +
         std::to_string(code) +
         "\nEventType=0\nType=Information\nComputerName=dc1.corp.example\n"
         "TaskCategory=Logon\nOpCode=Info\nRecordNumber=77\nKeywords=Audit Success\nMessage=" +
         message;
}

const std::string logon =
    "An account was successfully logged on.\n\nSubject:\n\tSecurity ID:\t\tNULL SID\n\tAccount "
    "Name:\t\t-\n\nLogon Type:\t\t\t3\n\nNew Logon:\n\tSecurity ID:\t\tCORP\\bob\n\tAccount "
    "Name:\t\tbob\n\tAccount Domain:\t\tCORP\n\nNetwork Information:\n\tWorkstation "
    "Name:\t\n\tSource Network Address:\t192.0.2.7\n\tSource Port:\t\t50111\n";

}  // namespace

TEST_CASE("times of the classic rendering") {
  const auto at = [](const char* text) {
    const auto time = classic_time(text);
    return time ? base::format_utc_micros(*time) : std::string("none");
  };
  CHECK(at("03/23/2021 05:16:59 PM") == "2021-03-23T17:16:59.000000Z");
  CHECK(at("03/23/2021 12:00:01 AM") == "2021-03-23T00:00:01.000000Z");
  CHECK(at("03/23/2021 05:16:59.123 PM") == "2021-03-23T17:16:59.123000Z");
  CHECK(at("03/23/2021 17:16:59") == "2021-03-23T17:16:59.000000Z");
  CHECK(at("2021-03-23 17:16:59") == "2021-03-23T17:16:59.000000Z");
  CHECK(at("23/03/2021 05:16:59 PM") == "none");
  CHECK(at("192.0.2.1 is an address of none") == "none");
  CHECK(at("LogName=Security") == "none");
}

TEST_CASE("an event of the classic rendering has its own names and those of XML") {
  const Reading read = read_text(event_text("03/23/2021 05:16:59 PM", 4624, logon));
  REQUIRE(read.events.size() == 1);
  const ReadEvent& e = read.events.front();
  CHECK(read.report().format == "wineventlog");
  CHECK(e.time == "2021-03-23T17:16:59.000000Z");
  CHECK(e.event_id == 4624);
  CHECK(e.record_id == 77);
  CHECK(e.channel == "Security");
  CHECK(e.provider == "Microsoft-Windows-Security-Auditing");
  CHECK(e["ComputerName"] == "dc1.corp.example");
  CHECK(e["Computer"] == "dc1.corp.example");
  CHECK(e["SourceName"] == "Microsoft Windows security auditing.");
  CHECK(e["TaskCategory"] == "Logon");
  CHECK(e["Keywords"] == "Audit Success");
  CHECK(e["Account_Name"] == "-|bob");
  CHECK(e["Security_ID"] == "NULL SID|CORP\\bob");
  CHECK(e["Logon_Type"] == "3");
  CHECK(e["SubjectUserName"] == "-");
  CHECK(e["TargetUserName"] == "bob");
  CHECK(e["LogonType"] == "3");
  CHECK(e["IpAddress"] == "192.0.2.7");
  CHECK(e["IpPort"] == "50111");
  CHECK(e["WorkstationName"] == "(none)");
  CHECK(e["Message"].starts_with("An account was successfully logged on."));
  CHECK(e.raw.starts_with("03/23/2021 05:16:59 PM\nLogName=Security"));
}

TEST_CASE("events follow each other with or without blank lines, line ends either way") {
  std::string text = event_text("03/23/2021 05:16:59 PM", 4624, "One.\n") +
                     event_text("03/23/2021 05:17:00 PM", 4625, "Two.\n\n\n") +
                     event_text("03/23/2021 05:17:01 PM", 4634, "Three.");
  for (bool crlf : {false, true}) {
    CAPTURE(crlf);
    std::string log;
    for (char c : text) {
      if (crlf && c == '\n') log += '\r';
      log += c;
    }
    const Reading read = read_text(log);
    REQUIRE(read.events.size() == 3);
    CHECK(read.damaged() == 0);
    CHECK(read.events[0]["Message"] == "One.");
    CHECK(read.events[1]["Message"] == "Two.");
    CHECK(read.events[2].time == "2021-03-23T17:17:01.000000Z");
    CHECK(read.events[2].ordinal == 3);
  }
}

TEST_CASE("a time within a message begins no event, nor does a LogName") {
  const Reading read = read_text(event_text(
      "03/23/2021 05:16:59 PM", 4104, "Text\n03/23/2021 05:17:00 PM\nmore\nLogName=Security\nend"));
  REQUIRE(read.events.size() == 1);
  CHECK(read.events[0]["Message"] == "Text\n03/23/2021 05:17:00 PM\nmore\nLogName=Security\nend");
}

TEST_CASE("a log without times") {
  std::string one = event_text("", 4624, "One.\n").substr(1);
  const Reading read = read_text(one + one);
  REQUIRE(read.events.size() == 2);
  CHECK(read.events[1].time.empty());
}

TEST_CASE("the beginning of a log may be cut off") {
  const Reading read =
      read_text(event_text("03/23/2021 05:16:59 PM", 4624, "One.\n") +
                "03/23/2021 05:17:00 PM\nLogName=Security\nEventType=0\nMessage=x\n" +
                event_text("03/23/2021 05:17:01 PM", 4634, "Three."));
  CHECK(read.events.size() == 2);
  CHECK(read.damaged() == 1);
  CHECK(read.report().reasons.front() == "record 2 is torn: it has no EventCode");
}

TEST_CASE("values over several lines") {
  SECTION("the XML of a task") {
    const Reading read = read_text(event_text(
        "03/23/2021 05:16:59 PM", 4698,
        "A scheduled task was created.\n\nTask Information:\n\tTask Name: \t\t\\t\n\tTask Content: "
        "\t\t<?xml?>\n<Task>\n  <Command>a: b</Command>\n</Task>\n\nOther Information:\n\tProcess "
        "Command Line: x\n"));
    const ReadEvent& e = read.events.front();
    CHECK(e["TaskName"] == "\\t");
    CHECK(e["TaskContent"] == "<?xml?>\n<Task>\n  <Command>a: b</Command>\n</Task>");
    CHECK(e["Task_Content"] == "<?xml?>");
    CHECK(e["CommandLine"] == "x");
  }
  SECTION("accesses") {
    const Reading read = read_text(event_text(
        "03/23/2021 05:16:59 PM", 4663,
        "An attempt was made to access an object.\n\nAccess Request Information:\n\tAccesses:"
        "\t\tReadData\n\t\t\t\tWriteData\n\t\t\t\t\n\tAccess Mask:\t\t0x3\n"));
    CHECK(read.events.front()["AccessList"] == "ReadData\n\t\t\t\tWriteData");
    CHECK(read.events.front()["AccessMask"] == "0x3");
  }
  SECTION("what changed of an account") {
    const Reading read = read_text(event_text(
        "03/23/2021 05:16:59 PM", 4738,
        "A user account was changed.\n\nChanged Attributes:\n\tOld UAC Value:\t0x10\n\tUser "
        "Account Control:\t\n\t\t'Password Not Required' - Enabled\n\nAdditional Information:\n"
        "\tPrivileges:\t\t-\n"));
    CHECK(read.events.front()["MSADChangedAttributes"] ==
          "Old UAC Value:\t0x10\n\tUser Account Control:\t\n\t\t'Password Not Required' - Enabled");
  }
  SECTION("a script") {
    const Reading read = read_text(event_text(
        "03/23/2021 05:16:59 PM", 4104,
        "Creating Scriptblock text (1 of 2):\n$a = 'b: c'\n\nScriptBlock ID: fake\nGet-It\n\n"
        "ScriptBlock ID: 0a1b\nPath: C:\\t\\a.ps1\n"));
    const ReadEvent& e = read.events.front();
    CHECK(e["ScriptBlockText"] == "$a = 'b: c'\n\nScriptBlock ID: fake\nGet-It");
    CHECK(e["ScriptBlockId"] == "0a1b");
    CHECK(e["Path"] == "C:\\t\\a.ps1");
  }
}

TEST_CASE("labels are read by their section") {
  CHECK(xml_name("Subject", "Account Name").name == "SubjectUserName");
  CHECK(xml_name("Target Account", "Account Name").name == "TargetUserName");
  CHECK(xml_name("Member", "Account Name").name == "MemberName");
  CHECK(xml_name("Service Information", "Service File Name").name == "ServiceFileName");
  CHECK(xml_name("", "Service File Name").name == "ImagePath");
  CHECK(xml_name("Subject", "No such label").name.empty());
  CHECK(xml_value("OperationType", "Value Added") == "%%14674");
  CHECK(xml_value("ObjectClass", "Value Added") == "Value Added");
}

TEST_CASE("rendered events and audit logs within an archive") {
  const std::string zip = pack("zip", "none",
                               {{"a.log", event_text("03/23/2021 05:16:59 PM", 4624, "One.\n")},
                                {"audit.log", "type=PATH msg=audit(1.5:2): item=0\n"}});
  const Reading read = read_text(pack("raw", "gzip", {{"all.zip", zip}}), {}, "all.zip.gz");
  REQUIRE(read.events.size() == 2);
  CHECK(read.origins[0].ends_with("!a.log"));
  CHECK(read.events[1].channel == "auditd");
}

TEST_CASE("a message full of labels costs its length, not its square") {
  std::string message = "A scheduled task was created.\n";
  while (message.size() < 4u << 20) message += "\tTask Content:\tx\n";
  const Reading read = read_text(event_text("03/23/2021 05:16:59 PM", 4698, message));
  CHECK(read.events.empty());
  REQUIRE(read.damaged() == 1);
  CHECK(read.report().reasons.front().find("fields_per_event") != std::string::npos);
}

TEST_CASE("Sysmon's messages print the names of the XML, which hide those of the header") {
  const Reading read = read_text(
      "03/01/2022 01:26:17 PM\nLogName=Microsoft-Windows-Sysmon/Operational\nEventCode=1\n"
      "ComputerName=ws1\nUser=NOT_TRANSLATED\nSid=S-1-5-18\nRecordNumber=7\n"
      "Message=Process Create:\nUtcTime: 2022-03-01 13:26:17.123\nProcessId: 4711\n"
      "CommandLine: cmd.exe /c \"echo: x\"\nUser: CORP\\alice\n");
  REQUIRE(read.events.size() == 1);
  CHECK(read.events[0]["User"] == "CORP\\alice");
  CHECK(read.events[0]["CommandLine"] == "cmd.exe /c \"echo: x\"");
  CHECK(read.events[0]["ProcessId"] == "4711");
  CHECK(read.events[0].provider == "Microsoft-Windows-Sysmon");
  CHECK(read.events[0].section("CommandLine") == event::Section::event_data);
}
