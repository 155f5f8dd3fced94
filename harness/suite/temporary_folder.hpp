#pragma once
// A folder of its own below the system's temporary ones, for its owner only, gone with the object.

#include <memory>
#include <string>

#include "base/result.hpp"

namespace escudo::harness {

class TemporaryFolder {
 public:
  static base::Result<std::unique_ptr<TemporaryFolder>> make();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace escudo::harness
