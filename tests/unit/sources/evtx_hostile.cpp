// The native reader of EVTX on what only a hostile or a broken file holds, written here.

#include <functional>

#include "base/files.hpp"
#include "catch.hpp"
#include "hostile_log.hpp"
#include "sources/demand.hpp"
#include "sources/evtx/record_reader.hpp"

using namespace escudo;
using namespace escudo::sources;
using Catch::Matchers::ContainsSubstring;

namespace {

// Wants all of one event id, of another nothing but its members.
class OneId final : public Demand {
 public:
  Interest interest(const event::Event&) override { return Interest::event; }
  Columns columns(const event::Event& shape) override {
    Columns columns;
    columns.read.assign(shape.schema->columns().size(), shape.event_id == 1);
    if (shape.event_id == 7) columns.interest = Interest::none;
    return columns;
  }
};

// Wants one channel.
class OneChannel final : public Demand {
 public:
  Interest interest(const event::Event& header) override {
    return header.channel == "Wanted" ? Interest::event : Interest::none;
  }
  Columns columns(const event::Event& shape) override {
    Columns columns;
    columns.read.assign(shape.schema->columns().size(), true);
    columns.interest = interest(shape);
    return columns;
  }
};

// Wants nothing but texts.
class RawOnly final : public Demand {
 public:
  bool takes_every_kind() const override { return true; }
  Interest interest(const event::Event&) override { return Interest::event; }
  Columns columns(const event::Event&) override {
    Columns columns;
    columns.raw = true;
    columns.members = false;
    return columns;
  }
};

// Wants what says "evil" in its command line.
class Evil final : public Demand {
 public:
  Interest interest(const event::Event&) override { return Interest::event; }
  Columns columns(const event::Event& shape) override {
    Columns columns;
    columns.read.assign(shape.schema->columns().size(), true);
    const auto slots = shape.schema->slots(event::find_field("CommandLine"));
    for (const std::uint16_t slot : slots) columns.one_of.push_back({slot, "evil"});
    return columns;
  }
};

}  // namespace

TEST_CASE("native EVTX: a value counts though the record before it had NULL there") {
  const w::Value null = w::Value::null(), evil = w::Value::string("C:\\evil.exe");
  for (const bool null_first : {true, false}) {
    const std::string file = processes()
                                 .add(1, {null_first ? null : evil, w::Value::string("one")})
                                 .add(1, {null_first ? evil : null, w::Value::string("two")})
                                 .bytes();
    for (const RawText raw : {RawText::xml, RawText::json}) {
      OpenOptions options;
      options.raw = raw;
      const Reading log = read_text(file, options);
      REQUIRE(log.events.size() == 2);
      const ReadEvent& with = log.events[null_first ? 1 : 0];
      const ReadEvent& without = log.events[null_first ? 0 : 1];
      CHECK(with["Image"] == "C:\\evil.exe");
      CHECK(without["Image"] == "");
      CHECK(log.events[1]["CommandLine"] == "two");
      CHECK_THAT(with.raw, ContainsSubstring("evil.exe"));
      CHECK_THAT(without.raw, ContainsSubstring(raw == RawText::json ? "\"Image\":\"\""
                                                                     : "Name='Image'></Data>"));
    }
  }
}

TEST_CASE("native EVTX: ids that share a template are asked about one by one") {
  OpenOptions options;
  options.demand = std::make_shared<OneId>();
  const Reading log = read_text(processes()
                                    .add(7, "C:\\none.exe", "none")
                                    .add(5, "C:\\a.exe", "five")
                                    .add(1, "C:\\b.exe", "one")
                                    .add(5, "C:\\a.exe", "five")
                                    .add(1, "C:\\c.exe", "another")
                                    .bytes(),
                                options);
  REQUIRE(log.events.size() == 4);
  CHECK(log.events[0]["Image"] == "");
  CHECK(log.events[1]["Image"] == "C:\\b.exe");
  CHECK(log.events[3]["CommandLine"] == "another");
}

TEST_CASE("native EVTX: the same bytes in a value of another type are another channel") {
  const std::string units("W\0a\0n\0t\0e\0d\0", 12);
  Log log(sysmon(data({}), "Event", {w::slot(3, w::Type::string)}));
  log.add(1, {w::Value::binary(units)});
  for (int i = 0; i < 3; ++i) log.add(1, {w::Value::string("Wanted")});
  log.add(1, {w::Value::binary(units)});
  OpenOptions options;
  options.demand = std::make_shared<OneChannel>();
  CHECK(read_text(log.bytes(), options).events.size() == 3);
}

TEST_CASE("native EVTX: what is recovered does not depend on what is asked for") {
  Log log = processes();
  for (int i = 0; i < 3; ++i) log.add(1, "C:\\b.exe", "live");
  for (int i = 0; i < 4; ++i) log.add(5, "C:\\b.exe", "slack " + std::to_string(i));
  std::string file = log.bytes();
  w::forget_records(file, 0, 3);
  OpenOptions options;
  options.recover = true;
  CHECK(read_text(file, options).report().recovered == 4);
  options.demand = std::make_shared<RawOnly>();
  CHECK(read_text(file, options).report().recovered == 4);
  options.demand = std::make_shared<OneId>();
  CHECK(read_text(file, options).report().recovered == 4);
}

TEST_CASE("native EVTX: a literal in many pieces takes the room of its text") {
  Nodes pieces;
  for (int i = 0; i < 20'000; ++i) pieces.push_back(w::char_ref(0x4e2d));
  Nodes body;
  body.push_back(w::element("Data", {w::attribute("Name", "X")}, std::move(pieces)));
  const std::string file = Log(sysmon(std::move(body))).add(1, {}).bytes();
  const Reading log = read_text(file);
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0]["X"].size() == 60'000);

  const std::string_view chunk = std::string_view(file).substr(place_of(0), layout::chunk);
  constexpr std::size_t definition = layout::first_record + layout::record_header + 4 + 10;
  const std::size_t begin = definition + definition_header;
  sources::Template compiled;
  REQUIRE(compile_binxml({chunk, begin, begin + u32(chunk.data() + definition + 20), true}, 64,
                         compiled));
  CHECK(compiled.bytes() < 256 * 1024);
}

TEST_CASE("native EVTX: a chunk is told from nothing by its records") {
  const std::string sound =
      processes().add(1, "a", "one").new_chunk().add(1, "a", "two").bytes({.dirty = true,
                                                                            .chunks_in_header = 1});
  const auto reads_both = [](const std::string& file, const std::string& note) {
    const Reading log = read_text(file);
    const std::string notes = joined(log.report().reasons);
    CAPTURE(notes);
    REQUIRE(log.events.size() == 2);
    CHECK(log.events[1]["CommandLine"] == "two");
    CHECK(log.damaged() == 0);
    CHECK_THAT(notes, ContainsSubstring(note));
  };
  SECTION("no signature, and behind those that the header counts") {
    std::string file = sound;
    w::spoil_chunk_magic(file, 1);
    reads_both(file, "chunk 1 has lost its signature; its records are read all the same");
    SECTION("and no sound header of the file") {
      file[0] = 'X';
      reads_both(file, "the file header is damaged");
    }
  }
  SECTION("a header of zeros") {
    std::string file = sound;
    file.replace(place_of(1), layout::first_record, layout::first_record, '\0');
    reads_both(file, "chunk 1 has lost its signature; its records are read all the same");
  }
  SECTION("a header that says it is empty") {
    std::string file = sound;
    for (const std::size_t at : {layout::chunk_first_number, layout::chunk_last_number,
                                 layout::chunk_first_id, layout::chunk_last_id}) {
      write64(file, place_of(1) + at, UINT64_MAX);
    }
    reads_both(file, "chunk 1 says that it is empty, but has a wrong checksum");
    SECTION("and is sound: what lies there is slack") {
      w::mend_checksums(file, 1);
      const Reading live = read_text(file);
      CHECK(live.events.size() == 1);
      CHECK(live.damaged() == 0);
      OpenOptions options;
      options.recover = true;
      const Reading all = read_text(file, options);
      REQUIRE(all.events.size() == 2);
      CHECK(all.events[1].recovered);
      CHECK(all.events[1]["CommandLine"] == "two");
    }
  }
}

TEST_CASE("native EVTX: ids nobody can believe do not end a torn chunk") {
  Log log = processes();
  for (int i = 1; i <= 5; ++i) log.add(1, "a", "record " + std::to_string(i));
  std::string file = log.bytes();
  w::zero_size(file, 0, 1);
  write64(file, place_of(0) + layout::chunk_last_id, 1ull << 40);
  const Reading live = read_text(file);
  REQUIRE(live.events.size() == 4);
  CHECK(live.events[1]["CommandLine"] == "record 3");
  CHECK(live.damaged() > 0);

  // Without the place of the last record nothing tells live from stale: then they are carved.
  write64(file, place_of(0) + layout::chunk_last_record, 0);
  OpenOptions recover;
  recover.recover = true;
  const Reading carved = read_text(file, recover);
  REQUIRE(carved.events.size() == 4);
  CHECK_FALSE(carved.events[0].recovered);
  CHECK(carved.events[1].recovered);
  CHECK(carved.events[3]["CommandLine"] == "record 5");
}

TEST_CASE("native EVTX: an instance takes a definition only by its own id") {
  const std::string sound = processes().add(1, "a", "one").add(1, "a", "two").bytes();
  const auto with_id_changed = [&](std::size_t record) {
    std::string file = sound;
    file.replace(records_of(file, 0).at(record) + layout::record_header + 4 + 2, 4, "ZZZZ");
    return read_text(file);
  };
  const Reading log = with_id_changed(1);
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0]["CommandLine"] == "one");
  CHECK(log.damaged() == 1);
  // The first has its definition within.
  CHECK(with_id_changed(0).events.size() == 2);
}

TEST_CASE("native EVTX: shapes without number are not kept without bound") {
  Nodes body;
  body.push_back(w::element("Data", {w::attribute("Name", "A")}, {w::slot(3, w::Type::uint8)}));
  Log log(sysmon(std::move(body)));
  constexpr std::size_t records = 400;
  for (std::size_t i = 0; i < records; ++i) {
    log.add(1, {w::Value::array(std::vector<w::Value>(1300 - i, w::Value::uint8(1)))});
  }
  const std::string file = log.bytes();
  const OpenOptions options;
  RecordReader reader(options);
  event::Batch batch;
  std::size_t most = 0, read = 0;
  for (std::size_t at = layout::file_header; at < file.size(); at += layout::chunk) {
    batch.clear();
    reader.start(batch);
    const Chunk chunk(std::string_view(file).substr(at, layout::chunk));
    reader.start_chunk(chunk.bytes());
    ChunkWalk walk(chunk);
    for (EvtxRecordPlace where; walk.next(where); ++read) {
      REQUIRE(reader.read(where, {read, where.header_id, false}, batch));
      most = std::max(most, reader.parts_kept());
    }
  }
  CHECK(read == records);
  CHECK(most < 270'000);
}

TEST_CASE("native EVTX: who looks at nothing but texts gets the same texts") {
  const std::string file = processes().add(1, "C:\\a.exe", "one").add(5, "", "two").bytes();
  for (const RawText raw : {RawText::xml, RawText::json}) {
    OpenOptions options;
    options.raw = raw;
    const Reading all = read_text(file, options);
    options.demand = std::make_shared<RawOnly>();
    const Reading texts = read_text(file, options);
    REQUIRE(texts.events.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK_FALSE(texts.events[i].raw.empty());
      CHECK(texts.events[i].raw == all.events[i].raw);
      CHECK(texts.events[i].header_id == all.events[i].header_id);
      CHECK(texts.events[i]["Image"] == "");
    }
  }
}

TEST_CASE("native EVTX: an event whose root has a prefix is one in JSON too") {
  OpenOptions options;
  options.raw = RawText::json;
  const std::string file =
      Log(sysmon(data({"Image"}), "x:Event")).add(1, {w::Value::string("a")}).bytes();
  const Reading log = read_text(file, options);
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0].raw.starts_with("{\"Event\":{"));
  CHECK_THAT(log.events[0].raw, ContainsSubstring("\"Image\":\"a\""));
}

TEST_CASE("native EVTX: what is sought is found in text of any kind") {
  const w::Value image = w::Value::string("C:\\evil.exe");
  OpenOptions options;
  options.demand = std::make_shared<Evil>();
  Nodes literal;
  literal.push_back(w::element("Data", {w::attribute("Name", "CommandLine")}, {w::text("no eViL here")}));
  const std::vector<std::pair<w::Value, bool>> values = {
      {w::Value::string("an EVIL one"), true}, {w::Value::string("good"), false},
      {w::Value::string("evi"), false},        {w::Value::null(), false},
      {w::Value::ansi("an evil one"), true},   {w::Value::string("..evil"), true},
  };
  Log log = processes();
  std::vector<std::uint64_t> wanted;
  for (std::size_t i = 0; i < values.size(); ++i) {
    log.add(1, {image, values[i].first});
    if (values[i].second) wanted.push_back(i + 1);
  }
  const Reading some = read_text(log.bytes(), options);
  std::vector<std::uint64_t> met;
  for (const ReadEvent& event : some.events) met.push_back(event.record_id);
  CHECK(met == wanted);
  CHECK(some.report().records == values.size());
  // Of parts, and out of the definition: not looked for, so it is given.
  CHECK(read_text(Log(sysmon(std::move(literal))).add(1, {}).bytes(), options).events.size() == 1);
  options.recover = true;
  CHECK(read_text(log.bytes(), options).events.size() == values.size());
}
