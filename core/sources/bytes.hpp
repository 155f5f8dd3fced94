#pragma once
// Bytes: where the readers get their input: a file, memory, standard input, a member of an archive.
//
// Errors: one sentence that does not name the path (reports do). Threads: one at a time, Progress
// aside.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace escudo::sources {

// How much of the outermost file is done. Readable from any thread.
class Progress {
 public:
  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  void add(std::uint64_t n) { bytes_.fetch_add(n, std::memory_order_relaxed); }
  void at_least(std::uint64_t n) {
    if (n > bytes()) bytes_.store(n, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> bytes_{0};
};

class RandomBytes;

class Bytes {
 public:
  virtual ~Bytes() = default;
  // Fills `to` as far as there are bytes: fewer than `size` only at the end.
  virtual base::Result<std::size_t> read(char* to, std::size_t size) = 0;
  // The same bytes at any place, or null when they can only be read forwards.
  virtual RandomBytes* random() { return nullptr; }
};

class RandomBytes : public Bytes {
 public:
  virtual std::uint64_t size() const = 0;
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) = 0;

  base::Result<std::size_t> read(char* to, std::size_t size) override;
  RandomBytes* random() override { return this; }
  void rewind() { at_ = 0; }

 private:
  std::uint64_t at_ = 0;
};

// A regular file gives RandomBytes; a pipe or device is read forwards. A folder is refused.
// `progress`, where given, counts what read() delivers; read_at() is left to the caller.
base::Result<std::unique_ptr<Bytes>> open_file(const std::string& path, Progress* progress);
std::unique_ptr<Bytes> standard_input(Progress* progress);
std::unique_ptr<RandomBytes> memory_bytes(std::string bytes, Progress* progress);

// Reads up to `size` bytes to look at. With random access nothing is consumed; otherwise `bytes` is
// replaced by a stream that delivers them again.
base::Result<std::string> peek(std::unique_ptr<Bytes>& bytes, std::size_t size);

// The whole of `bytes` with random access: itself where it can, otherwise copied to memory and,
// past `memory_limit`, to a temporary file. More than `limit` bytes are refused.
base::Result<std::unique_ptr<Bytes>> spool(std::unique_ptr<Bytes> bytes, std::uint64_t limit,
                                           std::uint64_t memory_limit = 32ull << 20);

}  // namespace escudo::sources
