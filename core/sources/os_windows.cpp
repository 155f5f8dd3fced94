#include <fcntl.h>
#include <io.h>

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
  static const int binary = _setmode(0, _O_BINARY);
  static_cast<void>(binary);
  const unsigned part = size > 1u << 30 ? 1u << 30 : static_cast<unsigned>(size);
  const int got = _read(0, to, part);
  if (got < 0) return failure("cannot read standard input");
  return static_cast<std::size_t>(got);
}

}  // namespace escudo::sources
