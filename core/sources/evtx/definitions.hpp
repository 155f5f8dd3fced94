#pragma once
// Definitions: where in a file templates are defined, for chunks that have lost theirs. The tables
// of all chunks are read when somebody asks for the first time.
//
// Threads: none; each reader of a file has its own.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "sources/binxml/templates.hpp"
#include "sources/bytes.hpp"

namespace escudo::sources {

class Definitions {
 public:
  // `bytes` must outlive it.
  Definitions(RandomBytes& bytes, std::uint64_t slots, std::uint32_t depth_limit)
      : bytes_(bytes), slots_(slots), templates_(depth_limit) {}

  // The first sound definition in the file with this beginning of a GUID; null when there is
  // none, or when it has more places than the instance has values.
  const Template* find(std::uint32_t id, std::uint32_t values);

 private:
  void index();
  bool load(std::uint64_t slot);

  RandomBytes& bytes_;
  const std::uint64_t slots_;
  bool indexed_ = false;
  struct Place {
    std::uint64_t slot;
    std::uint32_t offset;
  };
  std::unordered_map<std::uint32_t, std::vector<Place>> places_;  // a few of each, in file order
  std::unordered_map<std::uint32_t, const Template*> found_;
  Templates templates_;
  std::string chunk_;
};

}  // namespace escudo::sources
