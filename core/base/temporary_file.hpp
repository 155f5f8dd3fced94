#pragma once
// TemporaryFile: bytes that do not fit into memory. Only this user can read it, and it is gone when the
// object is. One thread.

#include <fstream>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace escudo::base {

class TemporaryFile {
 public:
  static Result<std::unique_ptr<TemporaryFile>> create();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::fstream stream;

 private:
  TemporaryFile() = default;
  std::string left_behind_;   // where a system cannot remove the name of an open file
};

}  // namespace escudo::base
