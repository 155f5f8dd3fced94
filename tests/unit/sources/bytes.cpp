#include "sources/bytes.hpp"

#include "../scratch.hpp"
#include "catch.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

// Gives its bytes a few at a time, as a pipe does.
class Trickle final : public Bytes {
 public:
  explicit Trickle(std::string bytes, std::size_t fail_at = std::string::npos)
      : bytes_(std::move(bytes)), fail_at_(fail_at) {}
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    if (at_ >= fail_at_) return base::Error{"the pipe broke"};
    const std::size_t n = std::min(size, bytes_.size() - at_);
    bytes_.copy(to, n, at_);
    at_ += n;
    return n;
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
  std::size_t fail_at_;
};

std::string rest_of(Bytes& bytes, std::size_t step) {
  std::string out, block(step, '\0');
  for (;;) {
    const auto got = bytes.read(block.data(), step);
    REQUIRE(got);
    if (*got == 0) return out;
    out.append(block, 0, *got);
  }
}

std::string numbers(int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += std::to_string(i) + ",";
  return out;
}

}  // namespace

TEST_CASE("a file is read forwards and at any place") {
  ScratchFolder folder;
  const std::string text = numbers(100'000);
  Progress progress;
  auto opened = open_file(folder.write("f", text), &progress);
  REQUIRE(opened);
  RandomBytes* file = (*opened)->random();
  REQUIRE(file);
  CHECK(file->size() == text.size());
  char block[10];
  REQUIRE(file->read_at(5000, block, 10));
  CHECK(std::string(block, 10) == text.substr(5000, 10));
  CHECK(progress.bytes() == 0);
  CHECK(rest_of(*file, 777) == text);
  CHECK(progress.bytes() == text.size());
  CHECK(*file->read_at(text.size() - 3, block, 10) == 3);
  CHECK(*file->read_at(text.size() + 3, block, 10) == 0);
  file->rewind();
  CHECK(rest_of(*file, 1 << 20) == text);
}

TEST_CASE("what cannot be opened says why") {
  ScratchFolder folder;
  CHECK(open_file(folder.path("none"), nullptr).error() == "does not exist");
  CHECK(open_file(folder.path(), nullptr).error() == "is a folder, not a file");
  CHECK(open_file(folder.write("f", "x") + "/g", nullptr).error().size() > 5);
}

TEST_CASE("peeking takes nothing away") {
  const std::string text = numbers(1000);
  for (std::size_t size : {0, 1, 100, 100'000}) {
    std::unique_ptr<Bytes> memory = memory_bytes(text, nullptr);
    std::unique_ptr<Bytes> pipe = std::make_unique<Trickle>(text);
    for (auto* bytes : {&memory, &pipe}) {
      CHECK(*peek(*bytes, size) == text.substr(0, size));
      CHECK(rest_of(**bytes, 333) == text);
    }
  }
}

TEST_CASE("spooling: in memory, in a file, or refused") {
  const std::string text = numbers(50'000);
  for (std::uint64_t in_memory : {0u, 1000u, 1'000'000u}) {
    auto spooled = spool(std::make_unique<Trickle>(text), 1'000'000, in_memory);
    REQUIRE(spooled);
    RandomBytes* random = (*spooled)->random();
    REQUIRE(random);
    CHECK(random->size() == text.size());
    char block[10];
    REQUIRE(random->read_at(200'000, block, 10));
    CHECK(std::string(block, 10) == text.substr(200'000, 10));
    CHECK(rest_of(*random, 4096) == text);
  }
  CHECK_THAT(spool(std::make_unique<Trickle>(text), 1000).error(),
             Catch::Matchers::ContainsSubstring("spool_bytes"));
  CHECK(spool(std::make_unique<Trickle>(text, 100), 1'000'000).error() == "the pipe broke");
}
