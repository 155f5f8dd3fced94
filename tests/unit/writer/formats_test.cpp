// Every text format says the same of the same events.

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>

#include "binxml/utf16.hpp"
#include "catch.hpp"
#include "describe/description.hpp"
#include "fixtures/archive.hpp"
#include "formats/formats.hpp"

using namespace escudo::writer;
using nlohmann::json;

namespace {

Events events_of(const std::string& name) {
  return read_description(std::string(ESCUDO_ROOT) + "/fixtures/logs/events/" + name + ".yml");
}

std::vector<json> lines(const std::string& text) {
  std::vector<json> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(json::parse(line));
  return out;
}

// The text of a datum, or nothing where the event has none or an empty one.
std::string told(const Event& e, const char* name) {
  const Datum* d = e.find(name);
  return d == nullptr ? "" : d->value.text();
}

std::string member(const json& o, const char* name) {
  return o.contains(name) ? o[name].get<std::string>() : "";
}

constexpr const char* fields[] = {"CommandLine", "Image", "NewProcessName", "SubjectUserName"};

std::vector<pugi::xml_node> xml_events(pugi::xml_document& document, const std::string& bytes,
                                       pugi::xml_encoding encoding) {
  const unsigned flags = pugi::parse_default | pugi::parse_fragment | pugi::parse_ws_pcdata_single;
  REQUIRE(document.load_buffer(bytes.data(), bytes.size(), flags & ~pugi::parse_eol, encoding));
  std::vector<pugi::xml_node> out;
  const pugi::xml_node root = document.child("Events") ? document.child("Events") : document;
  for (const pugi::xml_node& e : root.children("Event")) out.push_back(e);
  return out;
}

void check_xml(const Events& events, const std::string& bytes, pugi::xml_encoding encoding) {
  pugi::xml_document document;
  const auto read = xml_events(document, bytes, encoding);
  REQUIRE(read.size() == events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    INFO("event " << i);
    const pugi::xml_node system = read[i].child("System");
    CHECK(system.child("EventID").text().as_uint() == events[i].event_id);
    CHECK(system.child("EventRecordID").text().as_ullong() == events[i].record_id);
    CHECK(filetime_from_text(system.child("TimeCreated").attribute("SystemTime").value()) ==
          events[i].time);
    CHECK(system.child("Computer").text().get() == events[i].computer);
    auto data = read[i].child("EventData").child("Data");
    for (const Datum& d : events[i].data) {
      for (const std::string& text : d.value.texts()) {
        if (d.value.type() == Type::binary) continue;
        CHECK(data.attribute("Name").value() == d.name);
        CHECK(data.text().get() == text);
        data = data.next_sibling("Data");
      }
    }
    CHECK(!data);
  }
}

}  // namespace

TEST_CASE("XML in its three dresses") {
  for (const char* name : {"wmi_process_call_create", "wmi_near_misses", "workstation"}) {
    INFO(name);
    const Events events = events_of(name);
    check_xml(events, attack_data_xml(events), pugi::encoding_utf8);
    check_xml(events, xml_utf16(events), pugi::encoding_auto);
    check_xml(events, xml_document(events), pugi::encoding_utf8);
  }
  const std::string text = attack_data_xml(events_of("workstation"));
  CHECK(text.starts_with("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>"));
  CHECK(text.find("<Data Name='CommandLine'>wmic  /node:\"WKS02\" process") != text.npos);
  CHECK(text.find("ipconfig /all &gt; C:\\") != text.npos);
  CHECK(text.find("# &lt;Event&gt; &amp; friends\n$x") != text.npos);
  CHECK(xml_utf16({}) == "\xFF\xFE");
}

TEST_CASE("JSON shapes keep every field a rule may ask for") {
  const Events events = events_of("wmi_process_call_create");
  const auto nxlog = lines(nxlog_json(events)), flat = lines(flat_json(events));
  const auto beat = lines(winlogbeat_json(events)), splunk = lines(splunk_export_json(events));
  const auto dump = lines(evtx_dump_json(events));
  REQUIRE(nxlog.size() == events.size());
  REQUIRE(flat.size() == events.size());
  REQUIRE(beat.size() == events.size());
  REQUIRE(splunk.size() == events.size());
  REQUIRE(dump.size() == events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& e = events[i];
    INFO("event " << i);
    for (const char* field : fields) {
      INFO(field);
      CHECK(member(nxlog[i], field) == told(e, field));
      CHECK(member(flat[i], field) == told(e, field));
      CHECK(member(beat[i]["winlog"]["event_data"], field) == told(e, field));
      CHECK(member(splunk[i]["result"], field) == escaped_xml(told(e, field)));
      CHECK(member(dump[i]["Event"]["EventData"], field) == told(e, field));
    }
    CHECK(nxlog[i]["EventID"] == e.event_id);
    CHECK(flat[i]["EventID"] == std::to_string(e.event_id));
    CHECK(beat[i]["winlog"]["event_id"] == e.event_id);
    CHECK(dump[i]["Event"]["System"]["EventID"] == e.event_id);
    CHECK(splunk[i]["result"]["_raw"] == event_xml(e, '\''));
    for (const json& hostname :
         {nxlog[i]["Hostname"], flat[i]["Hostname"], beat[i]["winlog"]["computer_name"],
          splunk[i]["result"]["Computer"], dump[i]["Event"]["System"]["Computer"]}) {
      CHECK(hostname == "WKS01.corp.example");
    }
  }
  CHECK(json::parse(evtx_dump_array(events)).size() == events.size());
  CHECK(json::parse(evtx_dump_array({})).empty());
}

TEST_CASE("each JSON shape tells the time its own way") {
  const Events events = events_of("wmi_process_call_create");
  const json nxlog = lines(nxlog_json(events))[0], flat = lines(flat_json(events))[0];
  CHECK(nxlog["EventTime"] == "2024-03-05 05:00:01");        // local, no zone
  CHECK(nxlog["@timestamp"] == "2024-03-05T09:00:02.523Z");  // when it was collected, UTC
  CHECK(nxlog["UtcTime"] == "2024-03-05 09:00:01.123");
  CHECK(nxlog["Keywords"] == -9223372036854775807 - 1);
  CHECK(flat["TimeCreated"] == "2024-03-05 09:00:01.123");
  CHECK(lines(winlogbeat_json(events))[0]["@timestamp"] == "2024-03-05T09:00:01.123Z");
  CHECK(lines(splunk_export_json(events))[0]["result"]["_time"] == "2024-03-05T09:00:01.123+00:00");
  const json system = lines(evtx_dump_json(events))[0]["Event"]["System"];
  CHECK(system["TimeCreated"]["#attributes"]["SystemTime"] == "2024-03-05T09:00:01.123456Z");
}

TEST_CASE("evtx_dump's shape keeps types, lists and UserData") {
  const auto dump = lines(evtx_dump_json(events_of("workstation")));
  const auto of = [&](int id) {
    for (const json& record : dump) {
      const json& told_id = record["Event"]["System"]["EventID"];
      if (told_id == id || (told_id.is_object() && told_id["#text"] == id)) return record["Event"];
    }
    return json();
  };
  CHECK(of(3)["EventData"]["DestinationPort"] == 135);
  CHECK(of(3)["EventData"]["Initiated"] == true);
  CHECK(of(3)["EventData"]["ProcessGuid"] == "5E1FA6C2-0A02-65E6-1400-000000000700");
  CHECK(of(4624)["EventData"]["TargetLogonId"] == "0xc319c");
  CHECK(of(1000)["EventData"]["Data"]["#text"].size() == 8);
  CHECK(of(1000)["EventData"]["Binary"] == "000102FEFF");
  CHECK(of(7045)["System"]["EventID"]["#attributes"]["Qualifiers"] == 16384);
  CHECK(of(1102)["UserData"]["LogFileCleared"]["SubjectUserName"] == "a.jansen");
}

TEST_CASE("Sysmon for Linux is a line an event") {
  const Events events = events_of("linux_sysmon");
  std::istringstream in(sysmon_syslog(events));
  std::size_t n = 0;
  for (std::string line; std::getline(in, line); ++n) {
    CHECK(line.starts_with("Mar  5 10:0"));
    CHECK(line.find(" web01 sysmon: <Event><System><Provider Name=\"Linux-Sysmon\"") != line.npos);
    CHECK(line.find("<Security UserId=\"0\"/>") != line.npos);
    CHECK(line.ends_with("</EventData></Event>"));
  }
  CHECK(n == events.size());
}

TEST_CASE("archives give back what went in") {
  const std::vector<Member> members = {{"a.log", "first"}, {"b.log", std::string(100000, 'b')}};
  for (const char* name : {"x.zip", "x.tar.gz", "x.7z", "x.tar.zst", "x.tar"}) {
    INFO(name);
    const auto back = read_archive(make_archive(name, members));
    REQUIRE(back.size() == 2);
    CHECK(back[0].name == "a.log");
    CHECK(back[1].bytes == members[1].bytes);
  }
  for (const char* name : {"x.log.gz", "x.log.zst"}) {
    INFO(name);
    const auto back = read_archive(make_archive(name, {members[1]}));
    REQUIRE(back.size() == 1);
    CHECK(back[0].bytes == members[1].bytes);
  }
}

TEST_CASE("formats are known by name") {
  for (const std::string& name : format_names()) {
    if (name != "evtx") CHECK_NOTHROW(write_format(name, events_of("linux_sysmon")));
  }
  CHECK_THROWS_AS(write_format("evt", {}), std::invalid_argument);
}
