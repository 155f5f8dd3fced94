#include <fcntl.h>
#include <unistd.h>

#include "store/private_file.hpp"

namespace escudo::store {

void make_private(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
}

}  // namespace escudo::store
