// Chunks, headers and damage: what readers make of whole files.

#include "catch.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>

#include "bench/bench_log.hpp"
#include "binxml/crc32.hpp"
#include "binxml/damage.hpp"
#include "binxml/evtx_file.hpp"
#include "binxml/utf16.hpp"
#include "describe/event_record.hpp"
#include "fixtures/odd_files.hpp"
#include "libevtx_reader.hpp"
#include "strict_walker.hpp"

using namespace escudo::writer;
using namespace writer_test;

namespace {

std::size_t readable(const ReadFile& f) {
  std::size_t n = 0;
  for (const Read& r : f.records) n += r.error.empty();
  return n;
}

Fragment record(std::uint64_t n, std::size_t length) {
  Event e;
  e.provider = "Example-Provider";
  e.event_id = static_cast<std::uint16_t>(n % 7);
  e.record_id = n;
  e.time = 133'541'009'300'000'000 + n * 10'000'000;
  e.channel = "Example/Operational";
  e.computer = "WKS01.corp.example";
  e.data = {{"Shape" + std::to_string(n % 7), Value::string(std::string(length, 'x'))}};
  static EventTemplates templates;
  return templates.record(e);
}

}  // namespace

TEST_CASE("CRC-32 is the one everybody uses") {
  CHECK(crc32("123456789") == 0xCBF43926);
  CHECK(crc32("6789", crc32("12345")) == 0xCBF43926);
  CHECK(crc32("") == 0);
}

TEST_CASE("UTF-16 conversion") {
  CHECK(to_utf16("aé日\xF0\x9F\x98\x80") == u"aé日\xD83D\xDE00");
  CHECK(to_utf8(u"aé日\xD83D\xDE00") == "aé日\xF0\x9F\x98\x80");
  CHECK(to_utf8(u"a\xD83Dz") == "a\xEF\xBF\xBDz");
  CHECK_THROWS(to_utf16("\xC3"));
  CHECK_THROWS(to_utf16("\xC0\xAF"));
  CHECK_THROWS(to_utf16("\xED\xA0\x80"));
}

TEST_CASE("records go on in further chunks, each with templates of its own") {
  EvtxImage image;
  for (std::uint64_t n = 1; n <= 300; ++n) image.add(n, n, record(n, 40 + n * 7 % 900));
  const std::string bytes = image.bytes();
  CHECK(bytes.size() > 0x1000 + 4 * chunk_size);
  const auto walked = walk_strictly(bytes);
  REQUIRE(walked.size() == 300);
  const ReadFile read = read_with_libevtx(bytes);
  REQUIRE(read.records.size() == 300);
  for (std::uint64_t n = 1; n <= 300; ++n) {
    const Read& r = read.records[n - 1];
    REQUIRE(r.error == "");
    CHECK(r.header_id == n);
    const auto paths = paths_of(r.xml);
    CHECK(at(paths, "System/EventRecordID") == std::vector<std::string>{std::to_string(n)});
    CHECK(at(paths, "EventData/Data[Shape" + std::to_string(n % 7) + "]").at(0).size() ==
          40 + n * 7 % 900);
  }
}

TEST_CASE("a chunk is filled to its last byte and no further") {
  // Every length near the limit: a record that just fits, and one that is taken back.
  for (std::size_t length = 31000; length < 31040; ++length) {
    ChunkBuilder chunk(chunk_size);
    REQUIRE(chunk.add(1, 1, record(0, 100)));
    const bool fits = chunk.add(2, 2, record(1, length));
    std::string file = EvtxImage().bytes() + std::string(chunk.finish(1));
    INFO(length);
    CHECK(walk_strictly(file).size() == (fits ? 2u : 1u));
  }
}

TEST_CASE("a record may end on the last byte of a chunk, where libevtx does not see it") {
  CHECK(walk_strictly(odd_file("brimful")).size() == 2);
  CHECK(read_with_libevtx(odd_file("brimful")).records.size() <= 2);
}

TEST_CASE("a record larger than a chunk is refused") {
  EvtxImage image;
  CHECK_THROWS_AS(image.add(1, 1, record(1, 40000)), std::length_error);
}

TEST_CASE("files in unusual order and with wrong headers are read whole") {
  CHECK(readable(read_with_libevtx(odd_file("wrapped"))) == 16);
  CHECK(readable(read_with_libevtx(odd_file("dirty_understated"))) == 16);
  CHECK(readable(read_with_libevtx(odd_file("preallocated"))) == 8);
  const auto wrapped = walk_strictly(odd_file("wrapped"));
  CHECK(wrapped.front().header_id == 9);  // slot 1 holds the oldest chunk
  CHECK(wrapped.back().header_id == 8);
}

TEST_CASE("damage hits what it says and nothing else") {
  CHECK(readable(read_with_libevtx(odd_file("torn_record"))) == 17);  // five, and the second chunk
  CHECK(readable(read_with_libevtx(odd_file("torn_size"))) == 2);
  CHECK(readable(read_with_libevtx(odd_file("torn_rest"))) == 21);
  CHECK(readable(read_with_libevtx(odd_file("bad_chunks"))) == 6);
  CHECK(readable(read_with_libevtx(odd_file("bad_checksums"))) == 8);
  CHECK(readable(read_with_libevtx(odd_file("missing_definitions"))) == 8);
  const ReadFile forgotten = read_with_libevtx(odd_file("forgotten_records"));
  CHECK(readable(forgotten) == 5);
  CHECK(forgotten.recovered == 3);
  CHECK_NOTHROW(walk_strictly(odd_file("forgotten_records")));
  for (const char* name : {"torn_record", "torn_size", "torn_rest", "bad_chunks", "bad_checksums",
                           "missing_definitions"}) {
    INFO(name);
    CHECK_THROWS(walk_strictly(odd_file(name)));
  }
  std::string bytes = odd_file("wrapped");
  CHECK_THROWS_AS(zero_size(bytes, 0, 99), std::out_of_range);
  CHECK_THROWS_AS(zero_chunk(bytes, 99), std::out_of_range);
}

TEST_CASE("benchmark logs are sound, repeatable and as promised") {
  const std::string path = "bench_test.evtx";
  const auto make = [&](const std::string& kind, std::uint64_t seed) {
    BenchOptions o;
    o.kind = kind, o.bytes = 3 << 20, o.seed = seed, o.matches_every = 500;
    const BenchSummary s = write_bench_log(path, o);
    std::ifstream in(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::remove(path.c_str());
    return std::pair{s, bytes};
  };
  for (const char* kind : {"ordinary", "worst"}) {
    INFO(kind);
    const auto [summary, bytes] = make(kind, 1);
    CHECK(bytes == make(kind, 1).second);
    CHECK(bytes != make(kind, 2).second);
    const auto walked = walk_strictly(bytes);
    CHECK(walked.size() == summary.records);
    std::uint64_t matches = 0, creations = 0;
    for (const Walked& w : walked) {
      matches += w.outline.find(" process call create ") != std::string::npos;
      creations += w.outline.find("<Data Name='CommandLine'>") != std::string::npos;
    }
    CHECK(matches == summary.matches);
    CHECK(matches >= summary.records / 500);
    CHECK(creations == summary.process_creations);
    if (std::string(kind) == "ordinary") {
      CHECK(summary.templates >= 40);
      CHECK(creations > summary.records / 25);
      CHECK(creations < summary.records / 16);
    } else {
      CHECK(creations == summary.records);
    }
    const ReadFile read = read_with_libevtx(bytes);
    CHECK(read.records.size() == summary.records);
    CHECK(readable(read) == summary.records);
  }
  CHECK_THROWS_AS(write_bench_log(path, {.kind = "other"}), std::invalid_argument);
}
