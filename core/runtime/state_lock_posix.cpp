#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/files.hpp"
#include "runtime/state_lock.hpp"

namespace escudo::runtime {
namespace {

void* as_handle(int fd) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)); }
int as_fd(void* handle) { return static_cast<int>(reinterpret_cast<std::intptr_t>(handle)); }

}  // namespace

base::Result<std::unique_ptr<StateLock>> StateLock::take(const std::string& folder) {
  const std::string path = base::join_path(folder, "lock");
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) return base::Error{"cannot use the state folder " + folder + ": " + std::strerror(errno)};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return base::Error{"another escudo tail uses the state folder " + folder};
  }
  return std::unique_ptr<StateLock>(new StateLock(as_handle(fd)));
}

bool StateLock::is_taken(const std::string& folder) {
  const int fd = ::open(base::join_path(folder, "lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool taken = ::flock(fd, LOCK_SH | LOCK_NB) != 0;
  ::close(fd);
  return taken;
}

StateLock::~StateLock() { ::close(as_fd(handle_)); }

}  // namespace escudo::runtime
