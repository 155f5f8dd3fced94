#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sinks/os.hpp"

namespace escudo::sinks::os {

void make_stdout_binary() {}

base::Result<void> move_into_place(const std::string& from, const std::string& to) {
  // Without the sync a crash soon after the rename could leave an empty file under the final name.
  const int fd = ::open(from.c_str(), O_WRONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int sync_error = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) {
    return base::Error{"cannot write " + to + ": " + std::strerror(sync_error)};
  }
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return base::Error{"cannot write " + to + ": " + std::strerror(errno)};
  }
  return {};
}

}  // namespace escudo::sinks::os
