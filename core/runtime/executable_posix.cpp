#include <unistd.h>

#include "runtime/content.hpp"

namespace escudo::runtime {

std::string executable_path() {
  char buffer[4096];
  const ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer);
  return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : std::string();
}

}  // namespace escudo::runtime
