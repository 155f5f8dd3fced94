#pragma once
// Generators of field values: texts come from large pools made once, numbers, times and identifiers
// are new each time. The same seed gives the same values on every platform.
//
// One ValueSource belongs to one thread.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "binxml/value.hpp"

namespace escudo::writer {

// SplitMix64: small, even, and the same everywhere, which <random>'s distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t n) { return (next() >> 11) % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

class ValueSource {
 public:
  explicit ValueSource(std::uint64_t seed);

  using Generator = std::function<Value(std::uint64_t time)>;
  // Throws std::invalid_argument for an unknown name. Valid while the source lives.
  const Generator& generator(std::string_view name) const;
  Type type_of(std::string_view name) const;

  // The values of a process creation that the first detection finds.
  Value matching_image();
  Value matching_command_line();
  Value matching_original_name() const;

  Random& random() { return random_; }

 private:
  using Pool = std::vector<Value>;
  void add(std::string name, Type type, Generator generator);
  void add_pool(const std::string& name, const std::vector<std::string>& texts);
  void fill_pools();
  void add_numbers();
  std::string pick(const std::vector<std::string>& from) {
    return from[random_.below(from.size())];
  }

  struct Entry {
    Type type;
    Generator make;
  };
  Random random_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, Pool> pools_;
};

}  // namespace escudo::writer
