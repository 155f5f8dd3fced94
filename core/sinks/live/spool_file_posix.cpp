#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.hpp"
#include "sinks/live/spool_file.hpp"

namespace escudo::sinks {

struct SpoolFile::Handle {
  int fd = -1;
  ~Handle() {
    if (fd >= 0) ::close(fd);
  }
};

SpoolFile::SpoolFile(std::unique_ptr<Handle> handle, std::string path, std::uint64_t size)
    : handle_(std::move(handle)), path_(std::move(path)), size_(size) {}
SpoolFile::~SpoolFile() = default;

base::Error SpoolFile::error() const {
  return {"cannot write " + path_ + ": " + std::strerror(errno)};
}

base::Result<std::unique_ptr<SpoolFile>> SpoolFile::open(const std::string& path) {
  auto handle = std::make_unique<Handle>();
  struct stat status = {};
  // Findings may hold secrets from command lines: for the owner and the group only.
  handle->fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (handle->fd < 0 || ::fstat(handle->fd, &status) != 0) {
    return base::Error{"cannot write " + path + ": " + std::strerror(errno)};
  }
  if (!S_ISREG(status.st_mode)) return base::Error{"cannot write " + path + ": no regular file"};
  // A new name must survive as well as what is written under it.
  const std::string folder = base::parent_path(path);
  const int dir = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir >= 0) {
    ::fsync(dir);
    ::close(dir);
  }
  return std::unique_ptr<SpoolFile>(
      new SpoolFile(std::move(handle), path, static_cast<std::uint64_t>(status.st_size)));
}

base::Result<void> SpoolFile::append(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::pwrite(handle_->fd, bytes.data() + done, bytes.size() - done,
                               static_cast<off_t>(size_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) errno = EIO;
      const base::Error why = error();
      if (::ftruncate(handle_->fd, static_cast<off_t>(size_)) != 0) return error();
      return why;
    }
    done += static_cast<std::size_t>(n);
  }
  size_ += bytes.size();
  return {};
}

base::Result<void> SpoolFile::sync() {
  if (::fdatasync(handle_->fd) != 0) return error();
  return {};
}

base::Result<void> SpoolFile::cut(std::uint64_t size) {
  if (::ftruncate(handle_->fd, static_cast<off_t>(size)) != 0) return error();
  size_ = size;
  return {};
}

base::Result<std::string> SpoolFile::read_at(std::uint64_t offset, std::size_t size) {
  std::string out(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::pread(handle_->fd, out.data() + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return base::Error{"cannot read " + path_ + ": " + std::strerror(errno)};
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  out.resize(done);
  return out;
}

}  // namespace escudo::sinks
