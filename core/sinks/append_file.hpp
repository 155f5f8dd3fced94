#pragma once
// AppendFile: a file that only grows, can be cut to a length that is known to be good, and is on disk
// when sync() says so. One implementation a platform; private to sinks. Errors name the path.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace escudo::sinks {

class AppendFile {
 public:
  virtual ~AppendFile() = default;
  // Creates it, readable by its owner and group.
  static base::Result<std::unique_ptr<AppendFile>> open(const std::string& path);
  virtual base::Result<void> append(std::string_view bytes) = 0;   // at the end
  virtual base::Result<void> cut(std::uint64_t length) = 0;
  virtual base::Result<void> sync() = 0;
  virtual std::uint64_t size() const = 0;
};

}  // namespace escudo::sinks
