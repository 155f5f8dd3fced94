#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "sources/os.hpp"

namespace escudo::sources {
namespace {

base::Error failure(const std::string& what) {
  return {what + ": " + std::generic_category().message(errno)};
}

}  // namespace

base::Result<std::size_t> read_standard_input(char* to, std::size_t size) {
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, to, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return failure("cannot read standard input");
  }
}

}  // namespace escudo::sources
