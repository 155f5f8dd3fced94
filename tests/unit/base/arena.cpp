#include "base/arena.hpp"

#include <cstdint>
#include <string>

#include "catch.hpp"

using namespace escudo::base;

TEST_CASE("an arena keeps what it copied until it is cleared") {
  Arena arena(64);
  std::vector<std::string> texts;
  std::vector<std::string_view> views;
  for (std::size_t i = 0; i < 500; ++i) texts.push_back(std::string(i % 100, 'a'));
  for (const std::string& text : texts) views.push_back(arena.copy(text));
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(views[i] == texts[i]);
  CHECK(arena.copy("").empty());
}

TEST_CASE("arrays are aligned and zeroed, whatever stood before them") {
  Arena arena(64);
  for (int i = 0; i < 100; ++i) {
    std::memset(arena.allocate(7), 0xFF, 7);
    const auto numbers = arena.array<std::uint64_t>(static_cast<std::size_t>(i));
    CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % alignof(std::uint64_t) == 0);
    for (const std::uint64_t n : numbers) CHECK(n == 0);
  }
}

TEST_CASE("a cleared arena is used again") {
  Arena arena(64);
  for (int i = 0; i < 10; ++i) arena.allocate(60);
  arena.clear();
  CHECK(arena.bytes_reserved() == 64);
  CHECK(arena.copy("abc") == "abc");
  arena.clear();
  arena.clear();
  CHECK(arena.bytes_reserved() == 64);
}
