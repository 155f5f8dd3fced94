#pragma once
// What `git` knows of the files of a checkout: which changed since a revision, and what they were
// then. Runs git (and tar) as children; blocks; one call at a time in a process. Nothing in the
// repository is written.

#include <set>
#include <string>

#include "base/result.hpp"

namespace escudo::harness {

// The top of the work tree `path` (a file or folder) lies in.
base::Result<std::string> git_top(const std::string& path);

// Absolute paths of files under `top` that differ from `revision`, staged or not, and of files git
// does not know yet.
base::Result<std::set<std::string>> git_changed(const std::string& top,
                                                const std::string& revision);

// Puts the files of `revision` below `top` into `folder`, which is there and empty.
base::Result<void> git_export(const std::string& top, const std::string& revision,
                              const std::string& folder);

}  // namespace escudo::harness
