#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.hpp"
#include "sinks/append_file.hpp"

namespace escudo::sinks {
namespace {

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  ~PosixAppendFile() override { ::close(fd_); }

  base::Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failure();
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
  base::Result<void> cut(std::uint64_t length) override {
    if (::ftruncate(fd_, static_cast<off_t>(length)) != 0) return failure();
    return sync();
  }
  base::Result<void> sync() override {
    if (::fdatasync(fd_) != 0) return failure();
    return {};
  }
  std::uint64_t size() const override {
    struct stat s {};
    return ::fstat(fd_, &s) == 0 ? static_cast<std::uint64_t>(s.st_size) : 0;
  }

 private:
  base::Error failure() const { return {"cannot write " + path_ + ": " + std::strerror(errno)}; }
  std::string path_;
  int fd_;
};

}  // namespace

base::Result<std::unique_ptr<AppendFile>> AppendFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) return base::Error{"cannot write " + path + ": " + std::strerror(errno)};
  // A new name must survive as well as what is written under it.
  const std::string folder = base::parent_path(path);
  const int dir = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir >= 0) {
    ::fsync(dir);
    ::close(dir);
  }
  return std::unique_ptr<AppendFile>(new PosixAppendFile(path, fd));
}

}  // namespace escudo::sinks
