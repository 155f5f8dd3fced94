#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/temporary_file.hpp"

namespace escudo::base {

Result<std::unique_ptr<TemporaryFile>> TemporaryFile::create() {
  std::error_code none;
  std::filesystem::path folder = std::filesystem::temp_directory_path(none);
  if (none) folder = "/tmp";
  std::string name = (folder / "escudo-XXXXXX").string();
  const int fd = mkstemp(name.data());
  if (fd < 0)
    return Error{"cannot make a temporary file in " + folder.string() + ": " +
                 std::generic_category().message(errno)};
  std::unique_ptr<TemporaryFile> file(new TemporaryFile);
  file->stream.open(name, std::ios::in | std::ios::out | std::ios::binary);
  const bool opened = file->stream.is_open();
  // The open stream keeps the bytes alive; without a name nothing is left behind, whatever happens.
  unlink(name.c_str());
  close(fd);
  if (!opened) return Error{"cannot open the temporary file " + name};
  return file;
}

TemporaryFile::~TemporaryFile() = default;

}  // namespace escudo::base
