#include "base/spool.hpp"

#include "catch.hpp"

using namespace escudo;

TEST_CASE("a spool of small chunks keeps no more than one in memory, and one that was read") {
  base::Spool spool(0, "rows", 100);
  std::vector<base::Spool::Place> places;
  for (int k = 0; k < 1000; ++k) places.push_back(spool.append("entry " + std::to_string(1000 + k)));
  CHECK(spool.in_memory() < 200);
  std::shared_ptr<const void> hold;
  for (int k = 999; k >= 0; --k) {
    if (!spool.read(places[static_cast<std::size_t>(k)], hold).starts_with("entry " + std::to_string(1000 + k)))
      FAIL("entry " << k);
  }
}

TEST_CASE("a spool gives back what was put in, whatever its budget") {
  for (const std::size_t budget : {std::size_t{0}, std::size_t{3} << 20, std::size_t{1} << 30}) {
    base::Spool spool(budget, "rows");
    std::vector<std::pair<base::Spool::Place, std::string>> entries;
    for (std::size_t k = 0; k < 400; ++k) {
      // Entries larger than a chunk get one of their own.
      const std::string entry(k % 100 == 99 ? 3'000'000 : 1 + 40 * k, static_cast<char>('a' + k % 26));
      entries.emplace_back(spool.append(entry), entry);
      if (k > 0) CHECK(entries[k - 1].first < entries[k].first);
    }
    CHECK(spool.spilled() == (budget < std::size_t{1} << 30));
    // One after another, by leaps, and back: what is held stays what it was.
    for (const std::size_t stride : {1, 3, 7, 399}) {
      std::vector<std::shared_ptr<const void>> held;
      std::vector<std::pair<std::string_view, std::size_t>> given;
      for (std::size_t k = 0; k < entries.size(); ++k) {
        const std::size_t at = (k * stride) % entries.size();
        if (held.size() == 50) held.clear(), given.clear();
        given.emplace_back(spool.read(entries[at].first, held.emplace_back()), at);
        for (const auto& [entry, number] : given)
          if (entry != entries[number].second) FAIL("entry " << number << " by leaps of " << stride);
      }
    }
    CHECK(spool.problem().empty());
  }
}
