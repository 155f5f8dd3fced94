// Chunks by themselves: checksums, the walk, where it goes on.

#include "sources/evtx/chunk.hpp"

#include "base/files.hpp"
#include "catch.hpp"
#include "sources/evtx/crc32.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

std::string chunk_of(const std::string& name) {
  const auto file =
      base::read_file(std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/odd/" + name + ".evtx");
  REQUIRE(file);
  return file->substr(layout::file_header, layout::chunk);
}

}  // namespace

TEST_CASE("CRC-32, in one piece and in two") {
  CHECK(crc32("123456789") == 0xCBF43926);
  CHECK(crc32("6789", crc32("12345")) == 0xCBF43926);
  CHECK(crc32("") == 0);
}

TEST_CASE("a sound chunk: what its header says, and its records") {
  const std::string bytes = chunk_of("wrapped");
  const Chunk chunk(bytes);
  CHECK(chunk.has_signature());
  CHECK_FALSE(chunk.is_zero());
  CHECK(chunk.declared() == 8);
  CHECK(chunk.checksums_good());
  ChunkWalk walk(chunk);
  EvtxRecordPlace record;
  std::size_t end = layout::first_record;
  while (walk.next(record)) {
    CHECK(record.at == end);
    CHECK(chunk.promises(record.header_id));
    end = record.at + record.size;
  }
  CHECK(walk.met() == 8);
  CHECK(walk.torn() == 0);
  CHECK(end == chunk.used());
}

TEST_CASE("a changed byte makes a checksum wrong, in the header and in a record") {
  for (const std::size_t at : {std::size_t{16}, std::size_t{200}, std::size_t{600}}) {
    std::string bytes = chunk_of("wrapped");
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    CHECK_FALSE(Chunk(bytes).checksums_good());
  }
}

TEST_CASE("slack is behind the last record the header knows") {
  const std::string bytes = chunk_of("forgotten_records");
  const Chunk chunk(bytes);
  ChunkWalk walk(chunk);
  EvtxRecordPlace record;
  while (walk.next(record)) {
  }
  CHECK(walk.met() == 5);
  CHECK(chunk.find_signature(chunk.used(), bytes.size()) == chunk.used());
}

TEST_CASE("chunks cut short, and none at all") {
  const std::string whole = chunk_of("wrapped");
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    const std::string bytes = whole.substr(0, size);
    const Chunk chunk(bytes);
    ChunkWalk walk(chunk);
    EvtxRecordPlace record;
    while (walk.next(record)) CHECK(record.at + record.size <= size);
    CHECK_FALSE(chunk.checksums_good());
  }
  const std::string zeros(layout::chunk, '\0');
  CHECK(Chunk(zeros).is_zero());
}
