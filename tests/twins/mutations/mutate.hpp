#pragma once
// Changes to the bytes of an EVTX file, where a reader looks: sizes, tokens, offsets, counts, types,
// values, headers. One Mutator is one sequence of random numbers: the same seed makes the same file.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace escudo::mutations {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  // Makes one change and tells what it was.
  std::string change(std::string& file);
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

 private:
  struct Place {
    std::size_t chunk = 0;                 // of the chunk, within the file
    std::size_t begin = 0, size = 0;       // of the record, within the file
    std::size_t instance = 0;              // of the outer instance's count of values; 0: none
    std::uint32_t values = 0;
  };
  std::vector<Place> records(const std::string& file) const;
  std::uint32_t other(std::uint32_t number);  // one like it

  std::mt19937_64 random_;
};

}  // namespace escudo::mutations
