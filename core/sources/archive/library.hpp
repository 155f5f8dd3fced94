#pragma once
// Archive: one layer of packing as libarchive reads it: a zip, 7z or tar, or one compressed stream.
// The one place that touches libarchive.
//
// Lifetime: the bytes must outlive the archive. Threads: one archive belongs to one thread.
// Errors: what libarchive says.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "sources/bytes.hpp"
#include "sources/sniff.hpp"

namespace escudo::sources {

struct ArchiveMember {
  std::string path;        // empty for a compressed stream
  std::uint64_t size = 0;  // as the archive tells it, 0 when it does not
  bool regular = true;     // not a folder, link or device
  bool encrypted = false;
};

class Archive {
 public:
  // `format` is one of the packed formats; `consumed` is told how many packed bytes were read.
  static base::Result<std::unique_ptr<Archive>> open(Bytes& bytes, Format format,
                                                     std::function<void(std::uint64_t)> consumed);
  ~Archive();

  enum class Step { member, end, failed };
  // Goes to the next member, past what was not read of this one. `failed`: error() says why.
  Step next(ArchiveMember& member);
  // Data of the current member: 0 at its end.
  base::Result<std::size_t> read(char* to, std::size_t size);
  const std::string& error() const { return error_; }

 private:
  struct Handles;
  Archive();
  std::string message() const;

  std::unique_ptr<Handles> handles_;
  std::string error_;
};

}  // namespace escudo::sources
