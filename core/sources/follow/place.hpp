#pragma once
// Place: how far a growing file was read, told so that the file is found again whatever it is called
// by then. A file is known by its number and by how it begins: numbers are used again once a file is
// deleted, and a file that was cut (copytruncate) keeps its number and begins anew.
//
// Value types; packing never fails on damage, it says so.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sources/follow/os.hpp"

namespace escudo::sources::follow {

// The first bytes of a file, at most 1 KiB, as a hash.
struct Head {
  static constexpr std::size_t kBytes = 1024;
  std::uint32_t size = 0;
  std::uint64_t hash = 0;
  bool operator==(const Head&) const = default;
};
Head head_of(OpenFile& file, std::uint64_t size);
// The file begins like that.
bool begins_with(OpenFile& file, const Head& head);

struct Mark {
  FileId id;
  Head head;
  bool operator==(const Mark&) const = default;
};

struct Place {
  Mark file;
  std::uint64_t offset = 0;        // everything before it is delivered
  std::uint64_t ordinal = 0;       // records before it
  std::int64_t modified = 0;       // when the file was last seen to change
  std::vector<Mark> done;          // files that were read to their end, the oldest first
  bool begun = false;              // a file was met

  static constexpr std::size_t kDone = 64;
  std::string pack() const;
  static std::optional<Place> unpack(const std::string& bytes);
};

}  // namespace escudo::sources::follow
