#pragma once
// The few things a store needs that standard C++ cannot do; one implementation a platform.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace escudo::replay {

// A file open for appending whose lock keeps other processes (and other openers in this one) out.
// The lock goes with the object, or with the process. One thread at a time.
class LockedFile {
 public:
  virtual ~LockedFile() = default;
  virtual std::uint64_t size() const = 0;
  virtual base::Result<void> append(std::string_view bytes) = 0;
  virtual base::Result<void> truncate() = 0;  // to nothing
  // Reads from `offset`; fewer than `size` bytes only at the end.
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) = 0;
  // On disk, then under the name `target` in one step, whatever was there.
  virtual base::Result<void> move_to(const std::string& target) = 0;
  virtual void remove() = 0;  // the file itself; best effort
};

// Creates the file where it is not there. Null while someone else holds the lock.
base::Result<std::unique_ptr<LockedFile>> try_lock(const std::string& path);

// Folders on the way to `path`, itself included.
base::Result<void> make_folders(const std::string& path);
base::Result<void> remove_file(const std::string& path);
// Where `folder` lies or, when it is not there yet, will lie; nothing when unknown.
std::optional<std::uint64_t> free_bytes(const std::string& folder);
// Where caches belong on this system, "" when unknown.
std::string cache_folder();

}  // namespace escudo::replay
