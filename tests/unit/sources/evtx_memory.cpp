// The native reader of EVTX: how much memory and time a file of a few kilobytes can cost.

#include <sys/resource.h>

#include <cstring>
#include <ctime>

#include "catch.hpp"
#include "hostile_log.hpp"
#include "sources/demand.hpp"
#include "sources/evtx/record_reader.hpp"

using namespace escudo;
using namespace escudo::sources;
using Catch::Matchers::ContainsSubstring;

namespace {

// What escudo promises for a scan; a sanitizer keeps what was given back for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long most_megabytes = 600;
#else
constexpr long most_megabytes = 150;
#endif

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void put(std::string& to, std::size_t at, std::uint64_t n, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) to[at + i] = static_cast<char>(n >> (8 * i));
}

// Chunks whose definitions all lead on, by a text that nobody sees, to the same elements at the
// chunk's end. Their names are as long as given, one for all or each one unit behind the other.
struct Overlapping {
  std::size_t definitions = 0, elements = 0, name_units = 0;
  bool own_names = false;

  std::string chunk(std::uint64_t number) const {
    std::string c(layout::chunk, '\0');
    const std::size_t tail = layout::chunk - 12 * (elements + 1) - 16;
    const std::size_t event = tail - 32;
    const std::size_t name = (event - 2 * (name_units + (own_names ? elements : 0)) - 64) & ~1ull;
    // Behind one another they all have the same length: the units are that number.
    if (own_names) {
      for (std::size_t at = name; at < event; at += 2) put(c, at, name_units, 2);
    } else {
      put(c, name + 6, name_units, 2);
      for (std::size_t i = 0; i < name_units; ++i) c[name + 8 + 2 * i] = 'a';
    }
    put(c, event + 6, 5, 2);
    for (std::size_t i = 0; i < 5; ++i) c[event + 8 + 2 * i] = "Event"[i];
    std::size_t at = tail;
    for (std::size_t i = 0; i <= elements; ++i, at += 12) {
      c[at] = 0x01;
      put(c, at + 1, 0xFFFF, 2);
      put(c, at + 7, i == 0 ? event : own_names ? name + 2 * i : name, 4);
      c[at + 11] = 0x03;
    }
    const std::size_t first = (name - 28 * definitions - 16) & ~1ull;
    std::size_t last = 0, free = layout::first_record;
    std::uint64_t id = number * definitions + 1;
    for (std::size_t k = 0; k < definitions; ++k, ++id) {
      const std::size_t here = first + 28 * k;
      put(c, here + 4, id, 4);
      put(c, here + 20, at + 1 - (here + 24), 4);
      c[here + 24] = 0x05, c[here + 25] = 0x01;
      put(c, here + 26, (tail - here - 28) / 2, 2);
      constexpr std::size_t size = 24 + 4 + 10 + 4 + 2 + 4;
      if (free + size > first) break;
      std::memcpy(c.data() + free, "**\0\0", 4);
      put(c, free + 4, size, 4);
      put(c, free + 8, id, 8);
      put(c, free + 16, start, 8);
      std::memcpy(c.data() + free + 24, "\x0f\x01\x01\x00\x0c\x01", 6);
      put(c, free + 30, id, 4);
      put(c, free + 34, here, 4);
      put(c, free + size - 4, size, 4);
      last = free;
      free += size;
    }
    std::memcpy(c.data(), "ElfChnk", 7);
    const std::uint64_t from = number * definitions + 1;
    for (const std::size_t field : {std::size_t{8}, layout::chunk_first_id}) put(c, field, from, 8);
    for (const std::size_t field : {std::size_t{16}, layout::chunk_last_id}) put(c, field, id - 1, 8);
    put(c, layout::chunk_last_record, last, 4);
    put(c, layout::chunk_free, free, 4);
    return c;
  }

  std::string file(std::size_t chunks) const {
    std::string out(layout::file_header, '\0');
    std::memcpy(out.data(), "ElfFile", 7);
    put(out, 16, chunks - 1, 8);
    put(out, 36, 0x00030001, 4);
    put(out, layout::file_chunks, chunks, 2);
    for (std::size_t i = 0; i < chunks; ++i) out += chunk(i);
    return out;
  }
};

// Reads all, for its texts and for its columns.
FileReport read_within_limits(const std::string& file) {
  const long before = peak_megabytes();
  const std::clock_t began = std::clock();
  FileReport report;
  for (const RawText raw : {RawText::xml, RawText::json, RawText::none}) {
    OpenOptions options;
    options.raw = raw;
    const auto source = open_memory(std::string(file), "log", options);
    event::Batch batch;
    while (source->next(batch)) CHECK_FALSE(batch.events.empty());
    report = source->reports().front();
  }
  CHECK(peak_megabytes() - before < most_megabytes);
  CHECK((std::clock() - began) / CLOCKS_PER_SEC < 10);
  return report;
}

}  // namespace

TEST_CASE("native EVTX: long names that overlap are no names") {
  const FileReport report =
      read_within_limits(Overlapping{300, 800, 9000, true}.file(1));
  CHECK(report.records == 0);
  CHECK_THAT(joined(report.reasons), ContainsSubstring("has a damaged template"));
}

TEST_CASE("native EVTX: one long name for many elements is kept once, and a record is bounded") {
  const FileReport report = read_within_limits(Overlapping{300, 800, 9000, false}.file(1));
  CHECK(report.records == 0);
  CHECK_THAT(joined(report.reasons), ContainsSubstring("KiB of names and literals"));
  CHECK(read_within_limits(Overlapping{2, 20, 9000, false}.file(1)).records == 2);
}

TEST_CASE("native EVTX: definitions that overlap are read as far as they could be sound") {
  const FileReport report = read_within_limits(Overlapping{500, 1500, 4, false}.file(6));
  CHECK(report.records > 6);
  CHECK(report.damaged > 2000);
  CHECK_THAT(joined(report.reasons), ContainsSubstring("has one template too many"));
}

TEST_CASE("native EVTX: one value in many places makes no record of any size") {
  Nodes places(3000, w::slot(3, w::Type::string));
  Nodes body;
  body.push_back(w::element("Data", {w::attribute("Name", "X")}, std::move(places)));
  const FileReport report = read_within_limits(
      Log(sysmon(std::move(body)))
          .add(1, {w::Value::string("a")})
          .add(1, {w::Value::string(std::string(20'000, 'a'))})
          .bytes());
  CHECK(report.records == 1);
  CHECK_THAT(joined(report.reasons), ContainsSubstring("event_bytes"));
}

TEST_CASE("native EVTX: answers that take the place of others are counted too") {
  class Any final : public Demand {
   public:
    Interest interest(const event::Event&) override { return Interest::event; }
    Columns columns(const event::Event&) override { return {}; }
  };
  Log log(sysmon(data({}), "Event", {w::slot(3, w::Type::string)}));
  for (int i = 0; i < 80; ++i) {
    log.add(1, {w::Value::string(std::string(i < 40 ? 1 : 20'000, 'a') + std::to_string(i))});
  }
  const std::string file = log.bytes();
  OpenOptions options;
  options.demand = std::make_shared<Any>();
  RecordReader reader(options);
  event::Batch batch;
  reader.start(batch);
  for (std::size_t at = layout::file_header; at < file.size(); at += layout::chunk) {
    const Chunk chunk(std::string_view(file).substr(at, layout::chunk));
    reader.start_chunk(chunk.bytes());
    ChunkWalk walk(chunk);
    for (EvtxRecordPlace where; walk.next(where);) {
      REQUIRE(reader.read(where, {1, where.header_id, false}, batch));
    }
  }
  // 32 of 40,000 bytes.
  CHECK(reader.parts_kept() > 32 * 40'000 / 64);
  CHECK(reader.parts_kept() < 33 * 40'000 / 64);
}
