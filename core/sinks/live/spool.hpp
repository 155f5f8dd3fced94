#pragma once
// Spool: a bounded queue of records on disk, between a run that must not lose findings and a
// destination that may be down.
//
// Positions are bytes since the spool was made and never go back. A record is durable after sync();
// what was delivered is forgotten by mark_sent(), a file at a time. Files are named by the position of
// their first byte; a record is its length (4 bytes), a check (FNV-1a, 8 bytes) and its bytes, numbers
// little-endian. After a crash a torn last record is cut off.
//
// Threads: safe from several. Errors: a sentence that names the file.

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sinks/live/spool_file.hpp"

namespace escudo::sinks {

class Spool {
 public:
  struct Limits {
    std::uint64_t bytes = 256ull << 20;         // on disk, all files
    std::uint64_t segment_bytes = 8ull << 20;   // a file; the next record opens a new one
  };
  static base::Result<std::unique_ptr<Spool>> open(const std::string& folder, const Limits& limits);

  // False: no room, nothing was done. A record larger than the limit fits into an empty spool.
  base::Result<bool> append(std::string_view record);
  base::Result<void> sync();
  // Forgets what stands at and behind `position`, but never what was sent. A position in the middle of
  // a record or of no file of this spool forgets nothing.
  base::Result<void> cut(std::uint64_t position);

  struct Record {
    std::string bytes;
    std::uint64_t end = 0;  // the position behind it
  };
  // Records from sent() on, up to `until`, `max_bytes` (the first may be larger) and `max_records`.
  base::Result<std::vector<Record>> read(std::uint64_t until, std::uint64_t max_bytes,
                                         std::size_t max_records);
  base::Result<void> mark_sent(std::uint64_t position);

  std::uint64_t sent() const;
  std::uint64_t end() const;
  std::uint64_t bytes() const;      // on disk
  std::uint64_t damaged() const;    // bytes that could not be read back after a crash

 private:
  struct Segment {
    std::uint64_t start = 0;
    std::string path;
    std::unique_ptr<SpoolFile> file;
    std::uint64_t end() const { return start + file->size(); }
  };
  Spool(std::string folder, const Limits& limits);
  base::Result<void> load();
  base::Result<void> add_segment(std::uint64_t start);
  base::Result<std::string> record_at(Segment& segment, std::uint64_t position);
  void drop_sent_segments();

  const std::string folder_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::deque<Segment> segments_;  // never empty after load()
  std::unique_ptr<SpoolFile> sent_file_;
  std::uint64_t sent_ = 0, damaged_ = 0;
};

}  // namespace escudo::sinks
