// Event descriptions: what the keys do, and what a slip of the pen says.

#include <cstdio>
#include <fstream>

#include "catch.hpp"
#include "describe/description.hpp"

using namespace escudo::writer;

namespace {

std::vector<Event> read(const std::string& yaml) {
  const std::string presets = R"(
presets:
  base: {provider: P, guid: 5770385f-c22a-43e0-bf4c-06f5698ffbd9, channel: C, computer: H, level: 0}
  one:
    like: base
    event_id: 1
    data:
      - [Time, $time]
      - [Id, $guid, guid]
      - [Pid, $pid, uint32]
      - [Text, as preset]
      - [Mask, "0x10", hex32]
)";
  std::ofstream("description_test_presets.yml") << presets;
  std::ofstream("description_test.yml") << "presets: description_test_presets.yml\n" << yaml;
  struct Remove {
    ~Remove() {
      std::remove("description_test_presets.yml");
      std::remove("description_test.yml");
    }
  } remove;
  return read_description("description_test.yml");
}

std::string complaint(const std::string& yaml) {
  try {
    read(yaml);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "no complaint";
}

}  // namespace

TEST_CASE("a preset is a start: set changes, drop removes, keys override") {
  const auto events = read(R"(
start: 2024-03-05T09:00:00.5Z
step: 2
first_record_id: 10
events:
  - {like: one}
  - {like: one, level: 4, set: {Text: other, Mask: "0xFF"}, drop: [Id, Pid]}
  - {like: one, time: 2024-03-06T00:00:00Z, record_id: 99}
  - {like: one, repeat: 2}
)");
  REQUIRE(events.size() == 5);
  CHECK(events[0].provider == "P");
  CHECK(events[0].level == 0);
  CHECK(events[0].data.size() == 5);
  CHECK(events[0].find("Text")->value.text() == "as preset");
  CHECK(events[0].find("Time")->value.text() == "2024-03-05 09:00:00.500");
  CHECK(events[1].level == 4);
  CHECK(events[1].find("Text")->value.text() == "other");
  CHECK(events[1].find("Mask")->value.type() == Type::hex32);
  CHECK(events[1].find("Mask")->value.text() == "0xff");
  CHECK(events[1].find("Id") == nullptr);
  CHECK(events[1].data.size() == 3);
  CHECK(events[1].find("Time")->value.text() == "2024-03-05 09:00:02.500");
  CHECK(events[2].record_id == 99);
  CHECK(events[3].record_id == 100);
  CHECK(events[3].time == filetime_from_text("2024-03-06T00:00:02Z"));
  CHECK(events[4].record_id == 101);
  CHECK(events[3].find("Text")->value.text() == "as preset");  // a change stays with its event
}

TEST_CASE("$guid and $pid differ from event to event and never from run to run") {
  const std::string yaml = "events: [{like: one}, {like: one}]\n";
  const auto first = read(yaml), second = read(yaml);
  for (const char* name : {"Id", "Pid"}) {
    CHECK(first[0].find(name)->value.text() != first[1].find(name)->value.text());
    CHECK(first[0].find(name)->value.text() == second[0].find(name)->value.text());
  }
}

TEST_CASE("data without names, arrays, NULL and nested UserData") {
  const auto events = read(R"(
events:
  - like: base
    data:
      - [~, [a, "", c]]
      - [Numbers, ["1", "2"], uint16]
      - [None, "", "null"]
      - [Nothing, []]
  - like: base
    user_data:
      root: R
      xmlns: urn:x
      fields: [[A, "1", uint32], [B, [[C, deep], [D, [x, y]]]]]
)");
  CHECK(events[0].data[0].name == "");
  CHECK(events[0].data[0].value.texts() == std::vector<std::string>{"a", "", "c"});
  CHECK(events[0].data[1].value.type_byte() == 0x86);
  CHECK(events[0].data[2].value.type() == Type::null);
  CHECK(events[0].data[3].value.type_byte() == 0x81);
  CHECK(events[0].data[3].value.texts().empty());
  const UserData& u = *events[1].user_data;
  CHECK(u.fields[0].value.type() == Type::uint32);
  CHECK(u.fields[1].children[0].value.text() == "deep");
  CHECK(u.fields[1].children[1].value.is_array());
}

TEST_CASE("a slip of the pen is told with its line") {
  CHECK(complaint("events:\n  - {like: two}\n") ==
        "description_test.yml:3: no preset is named two");
  CHECK(complaint("events:\n  - {like: one, set: {Txt: x}}\n") ==
        "description_test.yml:3: the preset has no datum Txt");
  CHECK(complaint("events:\n  - {like: one, drop: Txt}\n") ==
        "description_test.yml:3: the preset has no datum Txt");
  CHECK(complaint("events:\n  - {like: one, sett: {}}\n") ==
        "description_test.yml:3: unknown key sett");
  CHECK(complaint("events:\n  - {like: one, set: {Mask: zebra}}\n") ==
        "description_test.yml:3: not a number of its type: zebra");
  CHECK(complaint("events:\n  - {like: base, data: [[A, b, strng]]}\n") ==
        "description_test.yml:3: no value type is named strng");
  CHECK(complaint("events:\n  - {like: one, time: yesterday}\n") ==
        "description_test.yml:3: not a time: yesterday");
  CHECK(
      complaint("events:\n  - {like: one, level: high}\n").starts_with("description_test.yml:3: "));
  CHECK_THROWS_AS(read_description("no/such.yml"), std::runtime_error);
}

TEST_CASE("times") {
  CHECK(filetime_from_text("1601-01-01T00:00:00Z") == 0);
  CHECK(filetime_from_text("1970-01-01 00:00:00") == 116444736000000000);
  CHECK(iso_text(filetime_from_text("2024-02-29T23:59:59.1234567Z"), 9) ==
        "2024-02-29T23:59:59.123456700Z");
  CHECK(iso_text(116444736000000000, 0) == "1970-01-01T00:00:00Z");
  CHECK(calendar(filetime_from_text("2024-03-05T00:00:00Z")).weekday == 2);
  for (const char* bad : {"2024-02-30T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "x"}) {
    CHECK_THROWS_AS(filetime_from_text(bad), std::invalid_argument);
  }
}
