#include <fcntl.h>
#include <io.h>

#include <cerrno>
#include <random>
#include <string>
#include <system_error>

#include "sources/os.hpp"

namespace escudo::sources {
namespace {

base::Error failure(const std::string& what) {
  return {what + ": " + std::generic_category().message(errno)};
}

}  // namespace

base::Result<std::unique_ptr<TemporaryFile>> TemporaryFile::create() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) return base::Error{"there is no folder for temporary files: " + error.message()};
  std::random_device random;
  for (int attempt = 0; attempt < 16; ++attempt) {
    const std::uint64_t tag = std::uint64_t{random()} << 32 | random();
    const std::filesystem::path path = folder / ("escudo-" + std::to_string(tag));
    if (std::filesystem::exists(path, error)) continue;
    std::unique_ptr<TemporaryFile> file(new TemporaryFile);
    file->stream.open(path, std::ios::in | std::ios::out | std::ios::trunc | std::ios::binary);
    if (!file->stream.is_open()) continue;
    file->left_behind_ = path;
    return file;
  }
  return failure("cannot make a temporary file");
}

TemporaryFile::~TemporaryFile() {
  stream.close();
  std::error_code ignored;
  if (!left_behind_.empty()) std::filesystem::remove(left_behind_, ignored);
}

base::Result<std::size_t> read_standard_input(char* to, std::size_t size) {
  static const int binary = _setmode(0, _O_BINARY);
  static_cast<void>(binary);
  const unsigned part = size > 1u << 30 ? 1u << 30 : static_cast<unsigned>(size);
  const int got = _read(0, to, part);
  if (got < 0) return failure("cannot read standard input");
  return static_cast<std::size_t>(got);
}

}  // namespace escudo::sources
