#pragma once
// What the headers of an EVTX file promise: which chunks there should be, and which records in
// them. libevtx passes over what it cannot read without a word; these promises tell what is
// missing.
//
// File header, 4096 bytes: chunk count at 42 (2 bytes), flags at 120, bit 0 "dirty": the count is
// not up to date. Then chunks of 64 KiB: "ElfChnk\0", at 24 and 32 the first and last record id.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sources/bytes.hpp"

namespace escudo::sources {

struct EvtxChunk {
  std::uint64_t first_id = 0, last_id = 0;
  std::uint64_t declared = 0;  // how many records it says it has
  std::uint64_t met = 0;
};

class EvtxPromises {
 public:
  static base::Result<EvtxPromises> read(RandomBytes& bytes);

  // A record with this header id was met. libevtx does not tell where, but chunks tell their ids.
  // False when no chunk misses it.
  bool met(std::uint64_t header_id);
  // A record was met that libevtx could not read as far as its id.
  void met_unknown() { ++unknown_; }

  // One sentence for each chunk with less than it declared, and how many records that is; for a
  // chunk whose records cannot be counted, one.
  struct Loss {
    std::uint64_t records;
    std::string reason;
  };
  std::vector<Loss> losses() const;

 private:
  std::vector<EvtxChunk> chunks_;
  std::vector<std::size_t> by_first_id_;  // slots
  std::uint64_t unknown_ = 0;
  std::vector<std::string> broken_;  // chunks that are none
};

// The bytes with zeros behind them up to the end of their last chunk, so that libevtx reads what is
// left of a chunk that is cut. `bytes` must outlive it.
class WholeChunks final : public RandomBytes {
 public:
  explicit WholeChunks(RandomBytes& bytes);
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override;

 private:
  RandomBytes& bytes_;
  std::uint64_t size_;
};

}  // namespace escudo::sources
