#pragma once
// What following a file needs of the operating system. One implementation a platform.
// Errors: one sentence that does not name the path.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sources/bytes.hpp"

namespace escudo::sources::follow {

// What stays the same when a file is renamed, and may come again once it is gone.
struct FileId {
  std::uint64_t device = 0, number = 0;
  bool operator==(const FileId&) const = default;
};

struct FileState {
  std::string path;
  FileId id;
  std::uint64_t size = 0;
  std::int64_t modified = 0;   // nanoseconds since 1970
};

// An open file that others may append to, rename, cut and delete meanwhile.
class OpenFile : public RandomBytes {
 public:
  static base::Result<std::unique_ptr<OpenFile>> open(const std::string& path);
  virtual FileState state() const = 0;   // `path` is empty
  std::uint64_t size() const override { return state().size; }
};

std::optional<FileState> look(const std::string& path);
// The regular files of the folder of `path` whose names begin with its name, itself included.
std::vector<FileState> family(const std::string& path);

// Waits for changes in the folder of `path`, for some time, or for stop().
class Watcher {
 public:
  explicit Watcher(const std::string& path);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  void wait(std::chrono::milliseconds time);
  void stop();   // from any thread: wait() returns at once from now on

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace escudo::sources::follow
