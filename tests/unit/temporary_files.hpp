#pragma once
// Temporary files that lose what was written to them.

#include <filesystem>
#include <string>

namespace escudo {

// Takes away what this process keeps in files that have no name any more, as a failing disk would.
// False where nothing was taken away: there is no such file, or no /proc/self/fd.
inline bool empty_temporary_files() {
  std::error_code none;
  bool any = false;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", none)) {
    const std::string target = std::filesystem::read_symlink(entry.path(), none).string();
    if (target.find("escudo-") == std::string::npos || !target.ends_with(" (deleted)")) continue;
    std::filesystem::resize_file(entry.path(), 0, none);
    any = any || !none;
  }
  return any;
}

}  // namespace escudo
