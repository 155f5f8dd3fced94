#pragma once
// SpoolFile: a file that grows at its end, can be cut and is read back, for what must survive a crash.
// Private to sinks. Threads: one at a time, but read_at() of bytes already written may run beside
// append(). Errors: a sentence that names the file.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace escudo::sinks {

class SpoolFile {
 public:
  // Creates the file where there is none; paths are UTF-8.
  static base::Result<std::unique_ptr<SpoolFile>> open(const std::string& path);
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  std::uint64_t size() const { return size_; }
  // All of `bytes`, or an error and the file as it was.
  base::Result<void> append(std::string_view bytes);
  // `bytes` in place of the first ones, in one write; what lies behind them stays on disk.
  base::Result<void> rewrite(std::string_view bytes) {
    size_ = 0;
    return append(bytes);
  }
  // What was appended is on disk.
  base::Result<void> sync();
  base::Result<void> cut(std::uint64_t size);
  // Up to `size` bytes; fewer only at the end of the file.
  base::Result<std::string> read_at(std::uint64_t offset, std::size_t size);

 private:
  struct Handle;
  SpoolFile(std::unique_ptr<Handle> handle, std::string path, std::uint64_t size);
  base::Error error() const;

  std::unique_ptr<Handle> handle_;
  std::string path_;
  std::uint64_t size_ = 0;
};

}  // namespace escudo::sinks
