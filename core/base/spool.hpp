#pragma once
// Spool: bytes that are appended and read again later, in memory up to a budget, beyond it in a
// temporary file. Entries lie in chunks; the oldest chunks go to the file.
//
// Where the file cannot be made or written, everything stays in memory and problem() says so: nothing
// is ever dropped. One thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/temporary_file.hpp"

namespace escudo::base {

class Spool {
 public:
  using Place = std::uint64_t;   // ascending in the order of appending

  // `what` it holds, for problem(): "matched rows". A chunk is what is written at a time, and at most
  // what is read.
  Spool(std::size_t budget, std::string what, std::size_t chunk = 64u << 10)
      : budget_(budget), chunk_size_(chunk), what_(std::move(what)) {}

  Place append(std::string_view bytes);   // of less than 4 GiB
  // The entry at a place from append(). `hold` keeps it valid; it is null where the file cannot be read
  // any more: problem() says so.
  std::string_view read(Place place, std::shared_ptr<const void>& hold);

  std::uint64_t bytes() const { return bytes_; }
  std::size_t in_memory() const { return in_memory_; }
  bool spilled() const { return file_ != nullptr; }
  const std::string& problem() const { return problem_; }
  bool lost() const { return lost_; }   // entries could not be read back

 private:
  struct Chunk {
    std::shared_ptr<std::string> memory;   // null when it is in the file
    std::uint64_t at = 0;
    std::size_t size = 0;
  };
  void spill();
  bool load(const Chunk& chunk, std::size_t from, std::size_t to);

  std::size_t budget_, chunk_size_, in_memory_ = 0, oldest_ = 0;
  std::string what_;
  std::uint64_t bytes_ = 0, file_end_ = 0;
  std::vector<Chunk> chunks_;
  std::unique_ptr<TemporaryFile> file_;
  std::shared_ptr<char[]> loaded_;   // of the chunk read last what was asked for: from … to
  std::size_t loaded_number_ = 0, loaded_from_ = 0, loaded_to_ = 0, step_ = 0;
  std::string entry_size_;
  std::string problem_;
  bool lost_ = false;
};

}  // namespace escudo::base
