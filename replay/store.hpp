#pragma once
// Store: a folder of datasets.
//
//   DIR/<name>                 the dataset itself, or its Git LFS pointer (sha256 and size)
//   DIR/objects/ab/<sha256>    contents, each under its hash
//   DIR/partial/<sha256>       contents on their way; a prefix of what they will be
//
// So a checkout of attack_data, with or without its contents, a folder filled by hand and what
// `escudo replay fetch` makes are the same to a reader.
//
// An object appears under its name only when it is whole, hashed and on disk (written beside,
// synced, renamed): a kill at any byte leaves a store that verifies. Two processes may fill one
// store: who writes a partial file holds its lock.
//
// Threads: all functions may be called from any thread. Errors are sentences that name the path.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "replay/os.hpp"
#include "replay/reference.hpp"

namespace escudo::replay {

// $XDG_CACHE_HOME/escudo/attack_data, by default ~/.cache/…; "" when there is no home.
std::string default_store_folder();

class Store {
 public:
  explicit Store(std::string folder) : folder_(std::move(folder)) {}
  const std::string& folder() const { return folder_; }

  struct Found {
    std::string path;                // the file to read; "" when it is not there
    std::string missing;             // why not, a sentence; "" when it is
    std::optional<Content> content;  // what the pointer says, when there is one
  };
  // By dataset name (replay::dataset_name). Looks, hashes nothing.
  Found find(const std::string& name) const;

  std::string object_path(const std::string& sha256) const;
  bool has(const Content& content) const;  // there, and of that size

  // Makes `name` stand for that content.
  base::Result<void> set_pointer(const std::string& name, const Content& content) const;
  // The file that content grows in, locked; `stop` ends the wait for another process with nothing.
  base::Result<std::unique_ptr<LockedFile>> open_partial(const std::string& sha256,
                                                         const std::function<bool()>& stop) const;
  // The partial file is whole and was hashed: gives it its name. Its lock is released.
  base::Result<void> publish(std::unique_ptr<LockedFile> partial, const Content& content) const;

  struct Checked {
    std::string path;  // below the folder
    std::uint64_t bytes = 0;
    std::string trouble;             // a sentence; "" when it is what it should be
    bool object = false;             // a content, else a pointer or a file itself
    bool unchecked = false;          // a file itself, and nobody knows what it should be
    std::vector<std::string> names;  // that stand for the content
  };
  // Hashes every object, looks for the content of every pointer, and compares files that lie there
  // themselves with what `known` tells of their names. `progress` gets the bytes hashed and all
  // there are; it returns false to stop.
  base::Result<std::vector<Checked>> verify(
      const std::function<bool(std::uint64_t, std::uint64_t)>& progress,
      const std::function<std::optional<Content>(const std::string&)>& known = {}) const;
  base::Result<void> remove_object(const std::string& sha256) const;

 private:
  std::string folder_;
};

// Hex digest of a file's bytes; `taken` is told of each block and returns false to stop.
base::Result<Content> hash_file(const std::string& path,
                                const std::function<bool(std::uint64_t)>& taken = {});

// Why the file is not that content, a sentence; "" when it is. `taken` as above.
std::string trouble_of_file(const std::string& path, const Content& wanted,
                            const std::function<bool(std::uint64_t)>& taken = {});

}  // namespace escudo::replay
