// The native reader of EVTX on damaged records: what can be read is read, and what cannot is told.

#include "catch.hpp"
#include "hostile_log.hpp"
#include "sources/demand.hpp"

using namespace escudo;
using namespace escudo::sources;
using Catch::Matchers::ContainsSubstring;

namespace {

// Where the count of values of an instance without a definition stands.
std::size_t count_of(const std::string& file, std::size_t record) {
  return records_of(file, 0).at(record) + layout::record_header + 4 + 10;
}
std::size_t descriptor_of(const std::string& file, std::size_t record, std::size_t value) {
  return count_of(file, record) + 4 + 4 * value;
}

}  // namespace

TEST_CASE("native EVTX: a value whose size is too large is cut, and the record told") {
  std::string file = processes().add(1, "a", "one").add(1, "a.exe", "two").bytes();
  file[descriptor_of(file, 1, 4) + 1] = '\x10';
  const Reading log = read_text(file);
  REQUIRE(log.events.size() == 2);
  CHECK(log.events[1]["Image"] == "a.exe");
  CHECK(log.events[1]["CommandLine"].starts_with("two"));
  CHECK(log.damaged() == 1);
  CHECK(log.report().records == 2);
  CHECK_THAT(joined(log.report().reasons),
             ContainsSubstring("record with header id 2 has values that cannot be read whole"));
}

TEST_CASE("native EVTX: a record whose members are gone is given, and counts as damaged") {
  class Sysmon1 final : public Demand {
   public:
    Interest interest(const event::Event& header) override {
      return header.event_id == 1 ? Interest::event : Interest::none;
    }
    Columns columns(const event::Event& shape) override {
      Columns columns;
      columns.interest = interest(shape);
      return columns;
    }
  };
  std::string file = processes().add(1, "a", "one").add(1, "b", "two").add(1, "c", "three").bytes();
  file[descriptor_of(file, 1, 0) + 1] = '\x40';  // the id, and all behind it
  OpenOptions options;
  options.demand = std::make_shared<Sysmon1>();
  const Reading log = read_text(file, options);
  CHECK(log.events.size() == 3);
  CHECK(log.report().records == 3);
  CHECK(log.damaged() == 1);
  CHECK_THAT(joined(log.report().reasons),
             ContainsSubstring("record with header id 2 has values that cannot be read whole"));
}

TEST_CASE("native EVTX: BinXML in a value that cannot be read costs that value alone") {
  const std::string binxml = "\xC4\x8C and so on";  // its first unit is 0x010C: an instance
  std::string file = processes().add(1, "a", "one").add(1, binxml, "two").bytes();
  file[descriptor_of(file, 1, 3) + 2] = '\x21';
  const Reading log = read_text(file);
  REQUIRE(log.events.size() == 2);
  CHECK(log.events[1]["Image"] == "");
  CHECK(log.events[1]["CommandLine"] == "two");
  CHECK(log.damaged() == 1);
  CHECK_THAT(joined(log.report().reasons), ContainsSubstring("cannot be read whole"));
}

TEST_CASE("native EVTX: the last record that a chunk header names need not be the last") {
  Log log = processes();
  for (int i = 1; i <= 6; ++i) log.add(1, "a", "record " + std::to_string(i));
  const std::string sound = log.bytes();
  const std::vector<std::size_t> at = records_of(sound, 0);
  const auto set_last = [&](std::string& file, std::size_t offset) {
    write64(file, place_of(0) + layout::chunk_last_record,
            offset | u64(file.data() + place_of(0) + layout::chunk_last_record) >> 32 << 32);
  };
  SECTION("it names an earlier one: those with ids it promises are live") {
    std::string file = sound;
    set_last(file, at[2] - place_of(0));
    CHECK(read_text(file).events.size() == 6);
    // Not those whose ids it does not promise.
    write64(file, place_of(0) + layout::chunk_last_id, 4);
    CHECK(read_text(file).events.size() == 4);
  }
  SECTION("the last is damaged, and so is where free space begins") {
    std::string file = sound;
    w::zero_size(file, 0, 5);
    const std::size_t free = place_of(0) + layout::chunk_free;
    file[free] = file[free + 1] = 0;
    file[free + 1] = 3;
    const Reading some = read_text(file);
    CHECK(some.events.size() == 5);
    CHECK(some.damaged() == 1);
  }
}

TEST_CASE("native EVTX: a NUL within a literal is shown as within a value") {
  Nodes body;
  body.push_back(w::element("Data", {w::attribute("Name", "A")},
                            {w::text("x"), w::char_ref(0), w::text("y")}));
  const Reading log = read_text(Log(sysmon(std::move(body))).add(1, {}).bytes());
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0]["A"] == "x\xEF\xBF\xBDy");
}
