#include "catch.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;
using event::Section;

namespace {

ReadEvent one(const std::string& json, const std::string& format) {
  const Reading log = read_text(json);
  CAPTURE(json);
  REQUIRE(log.events.size() == 1);
  CHECK(log.report().format == format);
  CHECK(log.damaged() == 0);
  return log.events[0];
}

}  // namespace

TEST_CASE("NXLog") {
  const ReadEvent e = one(
      R"({"EventTime":"2020-09-14 08:06:01","Hostname":"WS5.example","Keywords":-9214364837600034816,)"
      R"("EventType":"AUDIT_SUCCESS","SeverityValue":2,"Severity":"INFO","EventID":4688,)"
      R"("SourceName":"Microsoft-Windows-Security-Auditing","ProviderGuid":"{54849625}","Version":2,)"
      R"("Task":13312,"OpcodeValue":0,"RecordNumber":73272,"ExecutionProcessID":4,"ThreadID":1512,)"
      R"("Channel":"Security","Category":"Process Creation","Opcode":"Info","Message":"A new process",)"
      R"("AccountName":"SYSTEM","Domain":"NT AUTHORITY","AccountType":"User","UserID":"S-1-5-18",)"
      R"("SubjectUserName":"eve","NewProcessId":"0x242c","ProcessId":"0x10","CommandLine":"wmic ",)"
      R"("EventReceivedTime":"2020-09-14 08:06:03","SourceModuleName":"eventlog",)"
      R"("SourceModuleType":"im_msvistalog","host":"wec.example","port":60427,"tags":["t1","t2"],)"
      R"("@version":"1","@timestamp":"2020-09-14T12:06:03.455Z"})",
      "json/nxlog");
  CHECK(e.event_id == 4688);
  CHECK(e.record_id == 73272);
  CHECK(e.channel == "Security");
  CHECK(e.provider == "Microsoft-Windows-Security-Auditing");
  CHECK(e.time == "2020-09-14T12:06:01.000000Z");
  CHECK(e["Computer"] == "WS5.example");
  CHECK(e["Name"] == "Microsoft-Windows-Security-Auditing");
  CHECK(e["Guid"] == "{54849625}");
  CHECK(e["EventRecordID"] == "73272");
  CHECK(e["ProcessID"] == "4");
  CHECK(e["ProcessId"] == "0x10");
  CHECK(e["ThreadID"] == "1512");
  CHECK(e["Opcode"] == "0");
  CHECK(e["Keywords"] == "-9214364837600034816");
  CHECK(e["UserID"] == "S-1-5-18");
  CHECK(e["CommandLine"] == "wmic ");
  CHECK(e["tags"] == "t1|t2");
  for (const char* name :
       {"host", "port", "AccountName", "AccountType", "Domain", "Message", "tags", "_timestamp",
        "_version", "EventReceivedTime", "EventTime", "Severity", "SeverityValue",
        "SourceModuleName", "SourceModuleType", "EventType"}) {
    CAPTURE(name);
    CHECK(e.section(name) == Section::envelope);
  }
  CHECK(e.section("SubjectUserName") == Section::event_data);
  CHECK(e.section("Computer") == Section::system);
}

TEST_CASE("NXLog: UtcTime as a field decides, the event's own EventType wins over NXLog's") {
  const ReadEvent e =
      one(R"({"EventTime":"2020-09-14 08:06:01","@timestamp":"2020-09-14T12:06:03Z","EventID":13,)"
          R"("SourceModuleType":"im_msvistalog","Channel":"Microsoft-Windows-Sysmon/Operational",)"
          R"("SourceName":"Microsoft-Windows-Sysmon","UtcTime":"2020-09-14 12:06:01.826",)"
          R"("EventType":"INFO","EventTypeOrignal":"SetValue"})",
          "json/nxlog");
  CHECK(e.time == "2020-09-14T12:06:01.826000Z");
  CHECK(e["EventType"] == "SetValue");
  const ReadEvent in_message =
      one(R"({"EventTime":"2020-09-14 08:06:01","@timestamp":"2020-09-14T12:06:03Z","EventID":1,)"
          R"("SourceModuleType":"im_msvistalog","Channel":"Microsoft-Windows-Sysmon/Operational",)"
          R"("Message":"Process Create:\r\nUtcTime: 2020-09-14 12:00:00.000"})",
          "json/nxlog");
  CHECK(in_message.time == "2020-09-14T12:06:01.000000Z");
}

TEST_CASE("the flat shape: EventID as text, the channel alone tells the provider") {
  const auto with = [](const std::string& channel, const std::string& id) {
    return one(
        R"({"EventID":")" + id + R"(","Channel":")" + channel +
            R"(","Hostname":"WS5","TimeCreated":"2020-10-18 02:17:12.527","ProcessID":"3488",)"
            R"("EventType":"SetValue","Message":"m","@timestamp":"2020-10-18T02:17:13Z"})",
        "json/flat");
  };
  const ReadEvent e = with("Microsoft-Windows-Sysmon/Operational", "13");
  CHECK(e.event_id == 13);
  CHECK(e.provider == "Microsoft-Windows-Sysmon");
  CHECK(e["Name"] == "Microsoft-Windows-Sysmon");
  CHECK(e["Computer"] == "WS5");
  CHECK(e["EventType"] == "SetValue");
  CHECK(e.time == "2020-10-18T02:17:12.527000Z");
  CHECK(e.section("ProcessID") == Section::event_data);
  CHECK(e.section("Message") == Section::envelope);
  CHECK(with("Security", "4688").provider == "Microsoft-Windows-Security-Auditing");
  CHECK(with("Security", "1102").provider == "Microsoft-Windows-Eventlog");
  CHECK(with("System", "7045").provider == "Service Control Manager");
  CHECK(with("Windows PowerShell", "400").provider == "PowerShell");
  CHECK(with("Microsoft-Windows-TaskScheduler/Operational", "106").provider ==
        "Microsoft-Windows-TaskScheduler");
  CHECK(with("Application", "1").provider.empty());
}

TEST_CASE("Winlogbeat, nested and with dotted keys") {
  const ReadEvent nested = one(
      R"({"@timestamp":"2021-05-06T07:08:09.123Z","agent":{"type":"winlogbeat","name":"collector"},)"
      R"("host":{"name":"forwarder"},"log":{"level":"information"},"event":{"code":1,"provider":"P",)"
      R"("original":"<Event/>"},"message":"Process Create","winlog":{"channel":)"
      R"("Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon",)"
      R"("provider_guid":"{5770}","event_id":1,"record_id":99,"computer_name":"WS7","process":{"pid":3,)"
      R"("thread":{"id":4}},"user":{"identifier":"S-1-5-18","name":"SYSTEM"},"task":"Process Create",)"
      R"("event_data":{"CommandLine":"wmic  process","Image":"C:\\w.exe","odd.name":"o"},"keywords":["k"]}})",
      "json/winlogbeat");
  CHECK(nested.event_id == 1);
  CHECK(nested.record_id == 99);
  CHECK(nested.provider == "Microsoft-Windows-Sysmon");
  CHECK(nested["Computer"] == "WS7");
  CHECK(nested["EventID"] == "1");
  CHECK(nested["ProcessID"] == "3");
  CHECK(nested["ThreadID"] == "4");
  CHECK(nested["UserID"] == "S-1-5-18");
  CHECK(nested["CommandLine"] == "wmic  process");
  CHECK(nested["odd_name"] == "o");
  CHECK(nested["host_name"] == "forwarder");
  CHECK(nested.section("host_name") == Section::envelope);
  CHECK(nested.section("Message") == Section::rendering);
  CHECK(nested["event_original"] == "(none)");
  CHECK(nested.time == "2021-05-06T07:08:09.123000Z");

  const ReadEvent dotted = one(
      R"({"@timestamp":"2021-05-06T07:08:09Z","winlog.channel":"Security","winlog.event_id":"4688",)"
      R"("winlog.computer_name":"WS7","winlog.event_data.NewProcessName":"C:\\w.exe",)"
      R"("winlog.provider_name":"Microsoft-Windows-Security-Auditing"})",
      "json/winlogbeat");
  CHECK(dotted.event_id == 4688);
  CHECK(dotted["NewProcessName"] == "C:\\w.exe");
  CHECK(dotted["Computer"] == "WS7");
}

TEST_CASE("Winlogbeat: only ECS, a search hit, version 6, UserData") {
  const ReadEvent sysmon = one(
      R"({"_index":"i","_source":{"@timestamp":"2021-05-06T07:08:09Z","event":{"code":"1",)"
      R"("provider":"Microsoft-Windows-Sysmon"},"host":{"name":"WS8"},"process":{"pid":77,)"
      R"("executable":"C:\\wmic.exe","command_line":"wmic process","entity_id":"{g}",)"
      R"("pe":{"original_file_name":"wmic.exe"},"parent":{"executable":"C:\\cmd.exe","pid":5}},)"
      R"("winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_data":{"Image":"kept"}}}})",
      "json/winlogbeat");
  CHECK(sysmon["Computer"] == "WS8");
  CHECK(sysmon["Image"] == "kept");
  CHECK(sysmon["CommandLine"] == "wmic process");
  CHECK(sysmon["ProcessId"] == "77");
  CHECK(sysmon["ProcessGuid"] == "{g}");
  CHECK(sysmon["OriginalFileName"] == "wmic.exe");
  CHECK(sysmon["ParentImage"] == "C:\\cmd.exe");
  CHECK(sysmon["ParentProcessId"] == "5");
  CHECK(sysmon.section("CommandLine") == Section::event_data);

  const ReadEvent security =
      one(R"({"@timestamp":"2021-05-06T07:08:09Z","event":{"code":"4688","provider":)"
          R"("Microsoft-Windows-Security-Auditing"},"host":{"name":"WS8"},"process":{"pid":77,)"
          R"("executable":"C:\\wmic.exe","command_line":"wmic process","parent":{"pid":5}}})",
          "json/winlogbeat");
  CHECK(security["NewProcessName"] == "C:\\wmic.exe");
  CHECK(security["NewProcessId"] == "77");
  CHECK(security["ProcessId"] == "5");
  CHECK(security["Image"] == "(none)");

  const ReadEvent six = one(
      R"({"@timestamp":"2018-05-06T07:08:09Z","source_name":"Microsoft-Windows-Sysmon","event_id":1,)"
      R"("log_name":"Microsoft-Windows-Sysmon/Operational","computer_name":"WS6","record_number":"12",)"
      R"("event_data":{"CommandLine":"x"},"host":{"name":"WS6"},"message":"m"})",
      "json/winlogbeat");
  CHECK(six["Computer"] == "WS6");
  CHECK(six["CommandLine"] == "x");
  CHECK(six.record_id == 12);

  const ReadEvent user_data =
      one(R"({"@timestamp":"2021-05-06T07:08:09Z","winlog":{"channel":"Security","event_id":1102,)"
          R"("provider_name":"Microsoft-Windows-Eventlog","computer_name":"c",)"
          R"("user_data":{"SubjectUserName":"eve","xml_name":"LogFileCleared"}}})",
          "json/winlogbeat");
  CHECK(user_data["SubjectUserName"] == "eve");
  CHECK(user_data["xml_name"] == "(none)");
}

TEST_CASE("Splunk export: XML in _raw is the event") {
  std::string xml = sysmon_xml("a &amp; b");
  const ReadEvent e = one(R"({"preview":false,"offset":0,"result":{"_raw":")" + xml +
                              R"(","host":"indexer","_time":"2030-01-01T00:00:00Z"}})",
                          "json/splunk");
  CHECK(e["CommandLine"] == "a & b");
  CHECK(e["Computer"] == "host.example");
  CHECK(e.raw == xml);
  CHECK(e.time == "2024-03-01T10:20:30.123456Z");
  CHECK(e.record_id == 7);
}

TEST_CASE("Splunk export: JSON in _raw, plain fields, rows of a result") {
  const ReadEvent inner = one(
      R"({"result":{"_raw":"{\"EventID\":1,\"Channel\":\"Security\",\"Hostname\":\"h\"}","_time":"1600085161"}})",
      "json/splunk");
  CHECK(inner.event_id == 1);
  CHECK(inner["Computer"] == "h");

  const ReadEvent fields = one(
      R"({"preview":true,"lastrow":true,"result":{"EventCode":"1","EventID":"1","Computer":"WS9",)"
      R"("CommandLine":"wmic","Name":"'Microsoft-Windows-Sysmon'","RecordNumber":"5","host":"WS9",)"
      R"("source":"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational","sourcetype":"XmlWinEventLog",)"
      R"("_time":"2020-09-14 12:06:01.000 UTC","Hashes":["a","b"]}})",
      "json/splunk");
  CHECK(fields.channel == "Microsoft-Windows-Sysmon/Operational");
  CHECK(fields.provider == "Microsoft-Windows-Sysmon");
  CHECK(fields["EventID"] == "1");
  CHECK(fields["Computer"] == "WS9");
  CHECK(fields["Hashes"] == "a|b");
  CHECK(fields.record_id == 5);
  CHECK(fields.time == "2020-09-14T12:06:01.000000Z");
  CHECK(fields.section("host") == Section::envelope);

  const Reading rows = read_text(
      R"({"preview":false,"messages":[],"results":[{"EventCode":"4688","ComputerName":"A","source":)"
      R"("WinEventLog:Security","sourcetype":"WinEventLog"},{"EventCode":"4624","ComputerName":"B",)"
      R"("source":"WinEventLog:Security","sourcetype":"WinEventLog"}]})");
  REQUIRE(rows.events.size() == 2);
  CHECK(rows.events[1].event_id == 4624);
  CHECK(rows.events[1].channel == "Security");
  CHECK(rows.events[1]["Computer"] == "B");

  const Reading end_of_rows = read_text(
      R"({"preview":true,"offset":0,"result":{"EventCode":"1","source":"s","sourcetype":"t"}})"
      "\n"
      R"({"preview":false,"offset":1,"lastrow":true})");
  CHECK(end_of_rows.events.size() == 1);
  CHECK(end_of_rows.damaged() == 0);
}

TEST_CASE("evtx_dump") {
  const ReadEvent e = one(
      R"({"Event":{"#attributes":{"xmlns":"http://x"},"System":{"Provider":{"#attributes":{"Name":)"
      R"("Microsoft-Windows-Sysmon","Guid":"5770385F"}},"EventID":{"#attributes":{"Qualifiers":16384},)"
      R"("#text":1},"Version":5,"Keywords":"0x8000000000000000","TimeCreated":{"#attributes":)"
      R"({"SystemTime":"2019-05-27T15:12:54.544664Z"}},"EventRecordID":6190,"Correlation":null,)"
      R"("Execution":{"#attributes":{"ProcessID":980,"ThreadID":2220}},"Channel":)"
      R"("Microsoft-Windows-Sysmon/Operational","Computer":"IEWIN7","Security":{"#attributes":)"
      R"({"UserID":"S-1-5-18"}}},"EventData":{"CommandLine":"wmic ","ProcessId":2840,)"
      R"("Data":{"#text":["x","y"]},"a.b":"dot","Empty":""}}})",
      "json/evtx_dump");
  CHECK(e.event_id == 1);
  CHECK(e.record_id == 6190);
  CHECK(e["Name"] == "Microsoft-Windows-Sysmon");
  CHECK(e["Qualifiers"] == "16384");
  CHECK(e["ProcessID"] == "980");
  CHECK(e["ProcessId"] == "2840");
  CHECK(e["UserID"] == "S-1-5-18");
  CHECK(e["Computer"] == "IEWIN7");
  CHECK(e["CommandLine"] == "wmic ");
  CHECK(e["Data"] == "x|y");
  CHECK(e["a_b"] == "dot");
  CHECK(e["xmlns"] == "(none)");
  CHECK(e.time == "2019-05-27T15:12:54.544664Z");

  const ReadEvent separate = one(
      R"({"Event":{"Event_attributes":{"xmlns":"x"},"System":{"Provider_attributes":{"Name":"P"},)"
      R"("EventID":4,"EventID_attributes":{"Qualifiers":1},"TimeCreated_attributes":{"SystemTime":)"
      R"("2019-05-27T15:12:54Z"},"Channel":"C","Computer":"K"},"UserData":{"Outer":{"#attributes":)"
      R"({"xmlns":"u"},"Inner":{"Leaf":"v","Cert":{"#attributes":{"file":"f"}}}}}}})",
      "json/evtx_dump");
  CHECK(separate.provider == "P");
  CHECK(separate.event_id == 4);
  CHECK(separate["Qualifiers"] == "1");
  CHECK(separate["Leaf"] == "v");
  CHECK(separate["Cert_file"] == "f");
  CHECK(separate["Outer_xmlns"] == "(none)");
  CHECK(separate.time == "2019-05-27T15:12:54.000000Z");
  CHECK(separate.section("Leaf") == Section::user_data);
}
