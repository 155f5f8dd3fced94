#pragma once
// Chunk: the 64 KiB of one slot, its header as it stands there, and the walk along its records.
//
// Lifetime: borrows the bytes. Threads: none.

#include <cstdint>
#include <string>
#include <string_view>

#include "sources/evtx/layout.hpp"

namespace escudo::sources {

struct EvtxRecordPlace {
  std::size_t begin = 0, end = 0;  // of its BinXML, within the chunk
  std::size_t at = 0, size = 0;    // of all of it
  std::uint64_t header_id = 0;
};

class Chunk {
 public:
  // `bytes` has at most layout::chunk bytes; what a cut file lacks is missing at its end.
  explicit Chunk(std::string_view bytes);

  std::string_view bytes() const { return bytes_; }
  bool is_zero() const { return zero_; }  // header and all: nothing stands here
  bool has_signature() const { return signature_; }
  // The header says that there is no record; it cannot be believed when its checksum is wrong.
  bool says_empty() const { return says_empty_; }
  // How many records the header says there are; 0 when it cannot be believed.
  std::uint64_t declared() const { return declared_; }
  std::uint64_t first_number() const { return first_number_; }
  std::uint64_t last_number() const { return last_number_; }
  // Where the live records end and slack begins.
  std::size_t used() const { return used_; }
  // The header names the last record, and it stands there.
  bool knows_end() const { return knows_end_; }
  // Reads all of it; the second the header alone.
  bool checksums_good() const;
  bool header_checksum_good() const;

  // The record at `at`, when one stands there whole: signature, a size within the chunk, the same
  // size at its end.
  bool record_at(std::size_t at, EvtxRecordPlace& record) const;
  // The next place from `at` where a record may begin, or npos.
  std::size_t find_signature(std::size_t at, std::size_t end) const;
  // An id that the header promises.
  bool promises(std::uint64_t header_id) const {
    return declared_ == 0 || header_id - first_id_ < declared_;
  }

 private:
  std::size_t end_of_chain() const;  // of whole records, one right behind the other

  std::string_view bytes_;
  bool zero_ = false, signature_ = false, knows_end_ = false, says_empty_ = false;
  std::uint64_t declared_ = 0, first_id_ = 0, first_number_ = 0, last_number_ = 0;
  std::size_t used_ = 0;
};

// Record after record up to the last that the header knows. Behind a torn one it looks for the next
// whole one whose id the header promises; when the header promises nothing it goes on only where it
// knows the end, as nothing else tells a live record from a stale one.
class ChunkWalk {
 public:
  explicit ChunkWalk(const Chunk& chunk) : chunk_(&chunk) {}
  bool next(EvtxRecordPlace& record);
  std::uint64_t torn() const { return torn_; }  // how often the chain broke
  std::uint64_t met() const { return met_; }
  std::size_t at() const { return at_; }  // at the end: where what is not live begins

 private:
  const Chunk* chunk_;
  std::size_t at_ = layout::first_record, end_ = layout::chunk;
  std::uint64_t torn_ = 0, met_ = 0;
};

}  // namespace escudo::sources
