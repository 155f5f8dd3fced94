#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/files.hpp"
#include "replay/os.hpp"

namespace escudo::replay {
namespace {

base::Error failure(const char* what, const std::string& path, int error) {
  return {std::string("cannot ") + what + " " + path + ": " + std::strerror(error)};
}

// A rename is on disk when its folder is.
base::Result<void> sync_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failure("open", folder, errno);
  const int status = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  if (status != 0 && error != EINVAL) return failure("sync", folder, error);
  return {};
}

class PosixLockedFile final : public LockedFile {
 public:
  PosixLockedFile(int fd, std::string path, std::uint64_t size)
      : fd_(fd), path_(std::move(path)), size_(size) {}
  ~PosixLockedFile() override { ::close(fd_); }

  std::uint64_t size() const override { return size_; }

  base::Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failure("write", path_, errno);
      size_ += static_cast<std::uint64_t>(n);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }

  base::Result<void> truncate() override {
    if (::ftruncate(fd_, 0) != 0) return failure("write", path_, errno);
    size_ = 0;
    return {};
  }

  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t n = ::pread(fd_, to + done, size - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failure("read", path_, errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  base::Result<void> move_to(const std::string& target) override {
    if (::fsync(fd_) != 0) return failure("sync", path_, errno);
    if (std::rename(path_.c_str(), target.c_str()) != 0) return failure("write", target, errno);
    return sync_folder(base::parent_path(target));
  }

  void remove() override { ::unlink(path_.c_str()); }

 private:
  int fd_;
  std::string path_;
  std::uint64_t size_;
};

}  // namespace

base::Result<std::unique_ptr<LockedFile>> try_lock(const std::string& path) {
  for (;;) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) return failure("open", path, errno);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      ::close(fd);
      if (error == EWOULDBLOCK) return std::unique_ptr<LockedFile>();
      if (error == EINTR) continue;
      return failure("lock", path, error);
    }
    // Between open and lock its last owner may have given the file its final name: the lock would
    // then be on a file that is no longer this one.
    struct stat mine {
    }, there{};
    if (::fstat(fd, &mine) != 0) {
      const int error = errno;
      ::close(fd);
      return failure("read", path, error);
    }
    if (::stat(path.c_str(), &there) != 0 || mine.st_ino != there.st_ino ||
        mine.st_dev != there.st_dev) {
      ::close(fd);
      continue;
    }
    return std::unique_ptr<LockedFile>(
        new PosixLockedFile(fd, path, static_cast<std::uint64_t>(mine.st_size)));
  }
}

base::Result<void> make_folders(const std::string& path) {
  for (std::size_t at = 1; at <= path.size(); ++at) {
    if (at < path.size() && path[at] != '/') continue;
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), 0755) == 0 || errno == EEXIST) continue;
    const int error = errno;
    if (!base::is_folder(part)) return failure("make the folder", part, error);
  }
  if (!path.empty() && !base::is_folder(path)) {
    return base::Error{"cannot make the folder " + path + ": something else has its name"};
  }
  return {};
}

base::Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failure("remove", path, errno);
  return {};
}

std::string cache_folder() {
  // The specification tells to pass over what is not absolute.
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && xdg[0] == '/') return xdg;
  const char* home = std::getenv("HOME");
  return home && home[0] == '/' ? base::join_path(home, ".cache") : std::string();
}

}  // namespace escudo::replay
