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

base::Result<std::unique_ptr<TemporaryFile>> TemporaryFile::create() {
  std::error_code none;
  std::filesystem::path folder = std::filesystem::temp_directory_path(none);
  if (none) folder = "/tmp";
  std::string name = (folder / "escudo-XXXXXX").string();
  const int fd = mkstemp(name.data());
  if (fd < 0) return failure("cannot make a temporary file in " + folder.string());
  std::unique_ptr<TemporaryFile> file(new TemporaryFile);
  file->stream.open(name, std::ios::in | std::ios::out | std::ios::binary);
  const bool opened = file->stream.is_open();
  // The open stream keeps the bytes alive; without a name nothing is left behind, whatever happens.
  unlink(name.c_str());
  close(fd);
  if (!opened) return failure("cannot open the temporary file " + name);
  return file;
}

TemporaryFile::~TemporaryFile() = default;

base::Result<std::size_t> read_standard_input(char* to, std::size_t size) {
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, to, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return failure("cannot read standard input");
  }
}

}  // namespace escudo::sources
