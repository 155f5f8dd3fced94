// The native reader of EVTX: what the format holds, and what is left of it when it is broken.

#include <map>

#include "base/files.hpp"
#include "catch.hpp"
#include "reading.hpp"
#include "sources/demand.hpp"

using namespace escudo;
using namespace escudo::sources;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string bytes_of(const std::string& name) {
  const auto bytes =
      base::read_file(std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/" + name + ".evtx");
  REQUIRE(bytes);
  return *bytes;
}

Reading read_odd(const std::string& name, const OpenOptions& options = {}) {
  return read_text(bytes_of("odd/" + name), options, name);
}

// The events of value_types and arrays have one datum each: name -> what it reads as.
std::map<std::string, std::string> data_of(const Reading& log) {
  std::map<std::string, std::string> out;
  for (const ReadEvent& event : log.events) {
    std::string name, text;
    int count = 0;
    for (std::size_t i = 0; i < event.fields.size(); ++i) {
      if (event.sections[i] != event::Section::event_data) continue;
      if (!name.empty() && name != event.fields[i].first) name = "several";
      if (name.empty()) name = event.fields[i].first;
      text += (count++ ? "|" : "") + event.fields[i].second;
    }
    out[name] = text;
  }
  return out;
}

}  // namespace

TEST_CASE("native EVTX: a value of every type") {
  const Reading log = read_odd("value_types");
  CHECK(log.damaged() == 0);
  const auto data = data_of(log);
  const std::map<std::string, std::string> expected = {
      {"String", "plain text"},
      {"StringEmpty", ""},
      {"StringMarkup", "a < b && c > \"d\" or 'e' ]]>"},
      {"StringBlanks", "  two before, one behind "},
      {"StringWhite", " "},
      {"StringLines", "one\r\ntwo\n\tthree"},
      {"StringBeyond", "äöü Ελλάδα 日本 \xF0\x9F\x98\x80"},
      {"StringLoneHigh", "a\xEF\xBF\xBDz"},
      {"StringLoneLow", "a\xEF\xBF\xBDz"},
      {"StringNoncharacter", "a\xEF\xBF\xBEz"},
      {"StringControl", "a\x02z\x0F"},
      {"StringTrailingNul", "ends in NUL"},
      {"Ansi", "café & <crème>"},
      {"Int8Low", "-128"},
      {"UInt8", "255"},
      {"Int16Low", "-32768"},
      {"Int32Low", "-2147483648"},
      {"Int32", "-1"},
      {"UInt32", "4294967295"},
      {"Int64Low", "-9223372036854775808"},
      {"UInt64", "18446744073709551615"},
      {"Real32", "0.5"},
      {"Real64", "-1234.0625"},
      {"BoolTrue", "true"},
      {"BoolFalse", "false"},
      {"BoolOdd", "true"},
      {"Binary", "0001ABCDFF"},
      {"BinaryEmpty", ""},
      {"Guid", "{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}"},
      {"Size32", "0x24c"},
      {"Size64", "0x7ffe12345678"},
      {"FileTime", "2024-03-05T08:28:50.123456700Z"},
      {"FileTimeZero", "1601-01-01T00:00:00.000000000Z"},
      {"SystemTime", "2024-03-05T08:28:50.123Z"},
      {"Sid", "S-1-5-21-1004336348-1177238915-682003330-512"},
      {"SidShort", "S-1-0-0"},
      {"Hex32", "0xc0000022"},
      {"Hex64", "0x3e7"},
      {"Last", "readers came through"},
  };
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    REQUIRE(data.count(name) == 1);
    CHECK(data.at(name) == text);
  }
  CHECK(data.count("Null") == 0);  // its element depends on it
  CHECK(data.count("NullWithSize") == 0);
}

TEST_CASE("native EVTX: an array repeats its element, of every type") {
  const Reading log = read_odd("arrays");
  CHECK(log.damaged() == 0);
  const auto data = data_of(log);
  const std::map<std::string, std::string> expected = {
      {"Strings", "first|second, with a comma|third"},
      {"StringsWithEmpty", "|x|"},
      {"OneString", "alone"},
      {"NoStrings", ""},
      {"Ansis", "uno|dos & <tres>"},
      {"Int8s", "-1|2"},
      {"Int64s", "-5000000000|5000000000"},
      {"Real64s", "0.125|1000"},
      {"Bools", "true|false"},
      {"Guids", "{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}|{6BA7B811-9DAD-11D1-80B4-00C04FD430C8}"},
      {"Sizes", "0x1000|0x2000"},
      {"Sids", "S-1-5-18|S-1-5-32-544"},
      {"Hex32s", "0x10|0xc0000022"},
      {"Last", "readers came through"},
  };
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    REQUIRE(data.count(name) == 1);
    CHECK(data.at(name) == text);
  }
}

TEST_CASE("native EVTX: content in parts, references, CDATA, instructions, nesting, NULL") {
  const Reading log = read_odd("structures");
  REQUIRE(log.events.size() == 18);
  CHECK(log.damaged() == 0);
  const auto row = [&](std::size_t i) { return log.events[i]["Row"]; };
  CHECK(row(0) == "a < b & c");
  CHECK(row(1) == "before A between filled in");
  CHECK(row(2) == "if (a < b && c) { }");
  CHECK(row(3) == "after");
  CHECK_THAT(log.events[3].raw, ContainsSubstring("<?escudo says=hello?>"));
  CHECK(row(4) == "ends in B");
  CHECK_THAT(log.events[5].raw, ContainsSubstring("<EventData Name='x\"y'>"));
  CHECK(row(6) == "filled in");
  CHECK(row(7) == "bare element, no header");
  CHECK(row(8) == "header, then an element");
  CHECK(row(9) == "first of two");
  CHECK(log.events[9]["Message"] == "second of two");
  CHECK(log.events[10]["Inner"] == "three levels down");
  CHECK(log.events[11]["Maybe"] == "shown");
  CHECK(log.events[11]["Named"] == "its name is optional");
  CHECK(log.events[12]["Maybe"] == "(none)");
  CHECK(log.events[12]["Data"] == "its name is optional");
  CHECK(log.events[13]["Maybe"] == "");
  CHECK(row(14) == "0xabc");
  CHECK(row(15) == "used");
  CHECK(row(16) == "");
  CHECK(log.events[16]["Next"] == "after NULL");
  CHECK(log.events[17]["Next"] == "after sixteen bytes");
}

TEST_CASE("native EVTX: records written out without a template") {
  const Reading log = read_odd("direct_records");
  REQUIRE(log.events.size() == 5);
  CHECK(log.damaged() == 0);
  CHECK(log.events[2]["Text"] == "event number 2");
  CHECK(log.events[2].event_id == 100);
  CHECK(log.events[2].provider == "Example-Provider");
  CHECK(log.events[4]["Data"] == "one||three");
}

TEST_CASE("native EVTX: behind a torn record the rest of the chunk is read") {
  const Reading copy = read_odd("torn_record");
  CHECK(copy.events.size() == 23);
  CHECK(copy.report().damaged == 1);
  CHECK(copy.report().reasons.at(0) == "chunk 0 is torn: 1 of its 12 records cannot be reached");
  const Reading size = read_odd("torn_size");
  CHECK(size.events.size() == 11);
  CHECK(size.report().damaged == 1);
  for (const ReadEvent& event : size.events) CHECK_FALSE(event.recovered);
}

TEST_CASE("native EVTX: chunks without signature are read, empty ones are told") {
  const Reading log = read_odd("bad_chunks");
  CHECK(log.events.size() == 12);
  CHECK(log.damaged() == 1);
  CHECK(log.report().reasons ==
        std::vector<std::string>{
            "chunk 0 is empty, but should not be",
            "chunk 1 has lost its signature; its records are read all the same"});
}

TEST_CASE("native EVTX: a definition that a chunk has lost is taken from another") {
  // What defines the templates of slot 0 is wiped; slot 1 defines the same ones.
  std::string bytes = bytes_of("odd/wrapped");
  const std::size_t chunk = 4096, record = chunk + 512;
  std::uint32_t size = 0;
  for (int i = 3; i >= 0; --i)
    size = size << 8 | static_cast<unsigned char>(bytes[record + 4 + static_cast<std::size_t>(i)]);
  for (std::size_t at = record + 24; at < record + size - 4; ++at) bytes[at] = '\0';
  const Reading log = read_text(bytes);
  CHECK(log.events.size() == 15);
  CHECK(log.damaged() == 1);
  CHECK(log.events[0]["Text"] == "event number 9");
}

TEST_CASE("native EVTX: a dirty header that counts too few chunks") {
  const Reading log = read_odd("dirty_understated");
  CHECK(log.events.size() == 16);
  CHECK(log.damaged() == 0);
}

TEST_CASE("native EVTX: checksums are told only when asked for") {
  OpenOptions verify;
  verify.verify = true;
  CHECK(read_odd("bad_checksums").report().reasons.empty());
  const Reading log = read_odd("bad_checksums", verify);
  CHECK(log.events.size() == 8);
  CHECK(log.damaged() == 0);
  CHECK(log.report().reasons == std::vector<std::string>{"chunk 0 has a wrong checksum"});
  CHECK(read_odd("wrapped", verify).report().reasons.empty());
}

TEST_CASE("native EVTX: what slack still holds is recovered when asked for, copies are not") {
  OpenOptions recover;
  recover.recover = true;
  const Reading live = read_odd("forgotten_records");
  const Reading all = read_odd("forgotten_records", recover);
  CHECK(live.events.size() == 5);
  REQUIRE(all.events.size() == 8);
  CHECK(all.report().recovered == 3);
  CHECK(all.events[5].recovered);
  CHECK(all.events[7]["Text"] == "event number 7");
  CHECK(read_odd("wrapped", recover).report().recovered == 0);
}

namespace {

// Wants Sysmon 1 only, and of it one column.
class OnlyProcesses final : public Demand {
 public:
  Interest interest(const event::Event& header) override {
    ++asked;
    return header.event_id == 1 && header.channel == "Microsoft-Windows-Sysmon/Operational"
               ? Interest::event
               : Interest::time;
  }
  Columns columns(const event::Event& shape) override {
    Columns columns;
    for (const event::Column& column : shape.schema->columns()) {
      columns.read.push_back(event::name_of(column.field) == "CommandLine");
    }
    return columns;
  }
  int asked = 0;
};

}  // namespace

TEST_CASE("native EVTX: with a demand only what is wanted is decoded, all is counted") {
  const std::string bytes = bytes_of("workstation");
  const Reading all = read_text(bytes);
  auto demand = std::make_shared<OnlyProcesses>();
  OpenOptions options;
  options.demand = demand;
  const Reading some = read_text(bytes, options);
  CHECK(some.report().records == all.report().records);
  std::size_t at = 0, wanted = 0;
  for (const ReadEvent& event : all.events) {
    if (event.event_id != 1 || event.channel != "Microsoft-Windows-Sysmon/Operational") continue;
    ++wanted;
    REQUIRE(at < some.events.size());
    const ReadEvent& same = some.events[at++];
    CHECK(same.schema == event.schema);
    CHECK(same["CommandLine"] == event["CommandLine"]);
    CHECK(same["Image"].empty());
    CHECK(same.raw.empty());
    CHECK(same.time == event.time);
    CHECK(same.record_id == event.record_id);
    CHECK(same.ordinal == event.ordinal);
  }
  CHECK(wanted > 0);
  CHECK(some.events.size() == wanted);
  CHECK(demand->asked > 0);
  CHECK(demand->asked < static_cast<int>(all.events.size()));
}

TEST_CASE("native EVTX: a range of time is kept to") {
  const Reading all = read_odd("wrapped");
  OpenOptions options;
  options.from = base::parse_time(all.events[3].time);
  options.to = base::parse_time(all.events[6].time);
  const Reading some = read_odd("wrapped", options);
  REQUIRE(some.events.size() == 3);
  CHECK(some.events[0].record_id == all.events[3].record_id);
  CHECK(some.report().records == all.report().records);
}

namespace {

std::string json_of(const Reading& log, std::size_t event) {
  const std::string& raw = log.events.at(event).raw;
  return raw.substr(std::min(raw.find("\"Security\":"), raw.size()));
}

}  // namespace

TEST_CASE("native EVTX: JSON in the shape of evtx_dump") {
  OpenOptions json;
  json.raw = RawText::json;
  const Reading classic = read_odd("classic_events", json);
  CHECK(classic.events[1].raw.starts_with(
      R"({"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},)"
      R"("System":{"Provider":{"#attributes":{"Name":"Example-Provider","Guid":"{0f5b8a0a-9c44-4d0b-8f6e-5d1f3f8a7c21}"}},)"
      R"("EventID":100,"Version":0,"Level":4,"Task":0,"Opcode":0,"Keywords":"0x8000000000000000",)"
      R"("TimeCreated":{"#attributes":{"SystemTime":"2024-03-05T08:28:51.0000000Z"}},"EventRecordID":5001,)"
      R"("Correlation":null,"Execution":{"#attributes":{"ProcessID":640,"ThreadID":4711}},)"));
  CHECK_THAT(classic.events[0].raw,
             ContainsSubstring(R"("EventID":{"#attributes":{"Qualifiers":16384},"#text":100})"));
  const std::string security = R"("Security":{"#attributes":{"UserID":"S-1-5-18"}}},)";
  CHECK(
      json_of(classic, 0) ==
      security +
          R"("EventData":{"Data":{"#text":["C:\\data\\example.db","","17"]},"Binary":"000102FEFF"}}})");
  CHECK(json_of(classic, 1) ==
        security + R"("EventData":{"Same":["first","second"],"With Blank":"third"}}})");
  CHECK(json_of(classic, 2) == security + R"("EventData":null}})");
  CHECK_THAT(classic.events[3].raw, ContainsSubstring(R"("Channel":null)"));
  const Reading structures = read_odd("structures", json);
  CHECK(json_of(structures, 5) ==
        security + R"("EventData":{"#attributes":{"Name":"x\"y"},"Row":"filled in"}}})");
  CHECK(
      json_of(structures, 9) ==
      security +
          R"("EventData":{"Row":"first of two"},"RenderingInfo":{"#attributes":{"Culture":"en-US"},"Message":"second of two"}}})");
  CHECK(json_of(structures, 10) ==
        security + R"("UserData":{"Outer":{"Inner":"three levels down","Tail":null}}}})");
  const Reading values = read_odd("value_types", json);
  const auto all = json_of(values, values.events.size() - 1);
  for (const char* part : {R"("Int64Low":-9223372036854775808,)", R"("BoolTrue":true,)",
                           R"("Hex64":"0x3e7")", R"("StringControl":"a\u0002z\u000f")",
                           R"("StringLines":"one\r\ntwo\n\tthree")", R"("Real64":"-1234.0625")"}) {
    CHECK_THAT(all, ContainsSubstring(part));
  }
}

TEST_CASE("native EVTX: names that an element repeats later have a number") {
  // Security 4648 has two LogonGuid with another field between them.
  const std::string path = shared_path("evtx/oddities/Security_with_size_t.evtx");
  if (!base::exists(path)) {
    WARN("skipped: there is no " << path);
    return;
  }
  OpenOptions json;
  json.raw = RawText::json;
  const Reading log = read_path(path, json);
  CHECK_THAT(log.events[8].raw, ContainsSubstring("\"LogonGuid_1\":"));
}
