#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <system_error>

#include "base/temporary_file.hpp"

namespace escudo::base {

Result<std::unique_ptr<TemporaryFile>> TemporaryFile::create() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) return Error{"there is no folder for temporary files: " + error.message()};
  std::random_device random;
  for (int attempt = 0; attempt < 16; ++attempt) {
    const std::uint64_t tag = std::uint64_t{random()} << 32 | random();
    const std::filesystem::path path = folder / ("escudo-" + std::to_string(tag));
    if (std::filesystem::exists(path, error)) continue;
    std::unique_ptr<TemporaryFile> file(new TemporaryFile);
    file->stream.open(path, std::ios::in | std::ios::out | std::ios::trunc | std::ios::binary);
    if (!file->stream.is_open()) continue;
    file->left_behind_ = path.string();
    return file;
  }
  return Error{"cannot make a temporary file: " + std::generic_category().message(errno)};
}

TemporaryFile::~TemporaryFile() {
  stream.close();
  std::error_code ignored;
  if (!left_behind_.empty()) std::filesystem::remove(left_behind_, ignored);
}

}  // namespace escudo::base
