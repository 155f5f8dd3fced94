#pragma once
// Whole EVTX files: EvtxImage in memory, for fixtures; EvtxStream straight to disk, for logs of any
// size. One object belongs to one thread. Both throw std::length_error for a record larger than a
// chunk; EvtxStream throws std::runtime_error when it cannot write.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "binxml/chunk.hpp"

namespace escudo::writer {

constexpr std::size_t file_header_size = 0x1000;

struct FileOptions {
  std::uint16_t minor_version = 1;  // 3.1; Windows 10 and later write 3.2
  bool dirty = false;               // not closed properly
  // Chunks the header admits to; real dirty headers name too few. 0xFFFF: all.
  std::uint16_t chunks_in_header = 0xFFFF;
  // A full log starts over: the oldest chunk then lies in this slot, not in slot 0.
  std::size_t oldest_in_slot = 0;
  std::size_t empty_slots = 0;  // zeros behind the last chunk, as in preallocated files
};

class EvtxImage {
 public:
  explicit EvtxImage(std::size_t chunk_end = usual_end) : open_(chunk_end) {}

  // `header_id` is the record's number in the file; exports count from 1 whatever the
  // EventRecordID.
  void add(std::uint64_t header_id, std::uint64_t filetime, const Fragment& fragment);
  void close_chunk();  // the next record begins a new chunk
  std::size_t chunks() const { return chunks_.size(); }
  std::string bytes(const FileOptions& options = {});

 private:
  ChunkBuilder open_;
  std::vector<std::string> chunks_;
  std::uint64_t numbered_ = 0, in_open_ = 0;
  std::uint64_t next_id_ = 1;
};

class EvtxStream {
 public:
  explicit EvtxStream(const std::string& path);
  // True when the record was the first of a new chunk.
  bool add(std::uint64_t header_id, std::uint64_t filetime, const Fragment& fragment);
  std::uint64_t bytes_written() const { return file_header_size + written_chunks_ * chunk_size; }
  std::uint64_t chunks_written() const { return written_chunks_; }
  void finish();

 private:
  void write(std::string_view bytes);
  void flush_chunk();
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  std::string path_;
  ChunkBuilder open_;
  std::uint64_t numbered_ = 0, in_open_ = 0, next_id_ = 1, written_chunks_ = 0;
};

}  // namespace escudo::writer
