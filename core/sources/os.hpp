#pragma once
// The few things reading needs that standard C++ cannot do; one implementation a platform.

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/result.hpp"

namespace escudo::sources {

// An empty file that only this user can read and that is gone when the object is.
class TemporaryFile {
 public:
  static base::Result<std::unique_ptr<TemporaryFile>> create();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::fstream stream;

 private:
  TemporaryFile() = default;
  std::filesystem::path left_behind_;  // what the destructor has to remove
};

// Reads standard input as bytes. 0 at its end; fails with a sentence.
base::Result<std::size_t> read_standard_input(char* to, std::size_t size);

}  // namespace escudo::sources
