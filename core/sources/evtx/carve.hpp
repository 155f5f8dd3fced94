#pragma once
// Carver: records outside the live ones: in the slack of chunks, and in slots the log does not use.
//
// Most of what lies there is debris: records whose template has been overwritten by those that
// live. What does not parse with the definition its own chunk still has, lacks a provider, an id, a
// time or a body, or is a copy of a record met before, was no record of this file and is not
// counted. Threads: none.

#include <cstdint>
#include <string>
#include <unordered_set>

#include "sources/bytes.hpp"
#include "sources/evtx/chunk.hpp"
#include "sources/evtx/file_map.hpp"
#include "sources/evtx/record_reader.hpp"

namespace escudo::sources {

// What tells a record again: its content, and its id and time.
using Fingerprints = std::unordered_set<std::uint64_t>;
// False when one of the two is known already.
bool add_fingerprints(const event::Event& event, Fingerprints& known);

class Carver {
 public:
  // All must outlive it. `ordinal` counts on, `known` holds the live records.
  Carver(RandomBytes& bytes, const FileMap& map, RecordReader& reader, std::uint64_t& ordinal,
         Fingerprints& known);

  // Looks at one more place; adds an event when there is one. False at the end.
  bool next(event::Batch& batch);
  std::uint64_t recovered() const { return recovered_; }

 private:
  bool next_slot();

  RandomBytes& bytes_;
  const FileMap& map_;
  RecordReader& reader_;
  std::uint64_t& ordinal_;
  Fingerprints& known_;
  std::uint64_t slot_ = 0, recovered_ = 0;
  std::string buffer_;
  Chunk chunk_{std::string_view()};
  std::size_t at_ = 0;
};

}  // namespace escudo::sources
