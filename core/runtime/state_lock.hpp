#pragma once
// One process a state folder. Private to runtime; one implementation a platform.

#include <memory>
#include <string>

#include "base/result.hpp"

namespace escudo::runtime {

class StateLock {
 public:
  // Fails when another process has it. Goes with the object, and with the process.
  static base::Result<std::unique_ptr<StateLock>> take(const std::string& folder);
  static bool is_taken(const std::string& folder);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

 private:
  explicit StateLock(void* handle) : handle_(handle) {}
  void* handle_;
};

}  // namespace escudo::runtime
