#include "sinks/live/spool.hpp"

#include <filesystem>
#include <fstream>

#include "../scratch.hpp"
#include "catch.hpp"

using namespace escudo;
using sinks::Spool;

namespace {

std::unique_ptr<Spool> open(const std::string& folder, Spool::Limits limits = {}) {
  auto spool = Spool::open(folder, limits);
  REQUIRE(spool.ok());
  return std::move(*spool);
}

void append(Spool& spool, const std::string& record) {
  auto done = spool.append(record);
  REQUIRE(done.ok());
  REQUIRE(*done);
}

std::vector<std::string> records(Spool& spool) {
  auto read = spool.read(spool.end(), 1 << 30, 1 << 30);
  REQUIRE(read.ok());
  std::vector<std::string> out;
  for (const auto& record : *read) out.push_back(record.bytes);
  return out;
}

std::string last_file(const std::string& folder) {
  std::string out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".spool") out = std::max(out, entry.path().string());
  }
  return out;
}

}  // namespace

TEST_CASE("a spool gives back in order what was put in, over files and over processes") {
  const ScratchFolder scratch;
  const std::string folder = scratch.path("spool");
  std::vector<std::string> all;
  for (int i = 0; i < 100; ++i) all.push_back("record " + std::to_string(i) + std::string(static_cast<std::size_t>(i), 'x'));
  {
    auto spool = open(folder, {.bytes = 1 << 20, .segment_bytes = 1000});
    for (const std::string& record : all) append(*spool, record);
    REQUIRE(spool->sync().ok());
    auto some = spool->read(spool->end(), 1 << 20, 40);
    REQUIRE(some.ok());
    REQUIRE(some->size() == 40);
    REQUIRE(spool->mark_sent(some->back().end).ok());
  }
  auto spool = open(folder, {.bytes = 1 << 20, .segment_bytes = 1000});
  CHECK(records(*spool) == std::vector<std::string>(all.begin() + 40, all.end()));
  REQUIRE(spool->mark_sent(spool->end()).ok());
  CHECK(records(*spool).empty());
  CHECK(spool->bytes() < 1200);  // files that were sent are gone
}

TEST_CASE("a full spool takes no more until something was sent") {
  const ScratchFolder scratch;
  auto spool = open(scratch.path("spool"), {.bytes = 4000, .segment_bytes = 500});
  const std::string record(100, 'r');
  std::size_t count = 0;
  for (; count < 1000; ++count) {
    auto done = spool->append(record);
    REQUIRE(done.ok());
    if (!*done) break;
  }
  CHECK(count == 4000 / 112);
  CHECK(records(*spool).size() == count);
  auto first = spool->read(spool->end(), 1 << 20, 10);
  REQUIRE(first.ok());
  REQUIRE(spool->mark_sent(first->back().end).ok());
  append(*spool, record);
}

TEST_CASE("a record larger than the whole spool fits into an empty one") {
  const ScratchFolder scratch;
  auto spool = open(scratch.path("spool"), {.bytes = 1000, .segment_bytes = 500});
  append(*spool, std::string(5000, 'r'));
  auto done = spool->append("next");
  REQUIRE(done.ok());
  CHECK_FALSE(*done);
  CHECK(records(*spool).size() == 1);
}

TEST_CASE("a torn last record is cut off, whole ones stay") {
  const ScratchFolder scratch;
  const std::string folder = scratch.path("spool");
  std::uint64_t whole = 0;
  {
    auto spool = open(folder);
    append(*spool, "one");
    append(*spool, "two");
    whole = spool->end();
    append(*spool, "three, which is torn");
  }
  for (std::uint64_t size = whole + 1; size < whole + 12 + 20; size += 5) {
    const std::string copy = scratch.path("copy" + std::to_string(size));
    std::filesystem::copy(folder, copy, std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(last_file(copy), size);
    auto spool = open(copy);
    CHECK(records(*spool) == std::vector<std::string>{"one", "two"});
    CHECK(spool->damaged() == size - whole);
    append(*spool, "three");
    CHECK(records(*spool).back() == "three");
  }
}

TEST_CASE("a record with a wrong byte is not given out") {
  const ScratchFolder scratch;
  const std::string folder = scratch.path("spool");
  {
    auto spool = open(folder);
    append(*spool, "one");
    append(*spool, "two");
  }
  std::fstream file(last_file(folder), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(15 + 13);
  file.put('!');
  file.close();
  auto spool = open(folder);
  CHECK(records(*spool) == std::vector<std::string>{"one"});
  CHECK(spool->damaged() == 15);
}

TEST_CASE("what was not committed is cut, what was sent is not") {
  const ScratchFolder scratch;
  auto spool = open(scratch.path("spool"), {.bytes = 1 << 20, .segment_bytes = 100});
  std::vector<std::uint64_t> ends;
  for (int i = 0; i < 20; ++i) {
    append(*spool, "record " + std::to_string(i));
    ends.push_back(spool->end());
  }
  REQUIRE(spool->cut(ends[9]).ok());
  CHECK(records(*spool).size() == 10);
  REQUIRE(spool->mark_sent(ends[5]).ok());
  REQUIRE(spool->cut(ends[2]).ok());
  CHECK(records(*spool).empty());
  CHECK(spool->end() == ends[5]);
  append(*spool, "again");
  CHECK(records(*spool) == std::vector<std::string>{"again"});
  REQUIRE(spool->cut(ends[5] + 3).ok());  // in the middle of a record
  CHECK(records(*spool).size() == 1);
}

TEST_CASE("a torn mark of what was sent makes all that is there be sent again, and keeps nobody from starting") {
  const ScratchFolder scratch;
  const std::string folder = scratch.path("spool");
  {
    auto spool = open(folder, {.bytes = 1 << 20, .segment_bytes = 20});
    for (const char* record : {"record one", "record two", "record three"}) append(*spool, record);
    auto first = spool->read(spool->end(), 1 << 20, 1);
    REQUIRE(first.ok());
    REQUIRE(spool->mark_sent(first->back().end).ok());
  }
  std::ofstream(folder + "/sent", std::ios::binary) << std::string(20, '\0');
  auto spool = open(folder);
  CHECK(records(*spool) == std::vector<std::string>{"record two", "record three"});
}
