#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/files.hpp"
#include "sources/follow/os.hpp"

namespace escudo::sources::follow {
namespace {

base::Error failure(const std::string& what) { return {what + ": " + std::generic_category().message(errno)}; }

FileState state_of(const struct stat& s) {
  FileState out;
  out.id = {static_cast<std::uint64_t>(s.st_dev), static_cast<std::uint64_t>(s.st_ino)};
  out.size = static_cast<std::uint64_t>(s.st_size);
  out.modified = static_cast<std::int64_t>(s.st_mtim.tv_sec) * 1'000'000'000 + s.st_mtim.tv_nsec;
  return out;
}

class PosixFile final : public OpenFile {
 public:
  explicit PosixFile(int fd) : fd_(fd) {}
  ~PosixFile() override { ::close(fd_); }
  FileState state() const override {
    struct stat s {};
    return ::fstat(fd_, &s) == 0 ? state_of(s) : FileState{};
  }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got = ::pread(fd_, to + done, size - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure("cannot be read");
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  int fd_;
};

std::string folder_of(const std::string& path) {
  const std::string folder = base::parent_path(path);
  return folder.empty() ? "." : folder;
}

}  // namespace

base::Result<std::unique_ptr<OpenFile>> OpenFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return failure("cannot be opened");
  struct stat s {};
  if (::fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
    ::close(fd);
    return base::Error{"is no regular file"};
  }
  return std::unique_ptr<OpenFile>(new PosixFile(fd));
}

std::optional<FileState> look(const std::string& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0 || !S_ISREG(s.st_mode)) return {};
  FileState out = state_of(s);
  out.path = path;
  return out;
}

std::vector<FileState> family(const std::string& path) {
  std::vector<FileState> out;
  const std::string folder = folder_of(path), name = base::file_name(path);
  DIR* dir = ::opendir(folder.c_str());
  if (!dir) return out;
  while (const dirent* entry = ::readdir(dir)) {
    const std::string each = entry->d_name;
    if (!each.starts_with(name)) continue;
    const std::string at = each == name ? path : base::join_path(folder, each);
    if (auto state = look(at)) out.push_back(std::move(*state));
  }
  ::closedir(dir);
  return out;
}

struct Watcher::Handles {
  int inotify = -1, wake = -1, folder = -1;
  std::string path;
  void watch() {
    if (inotify >= 0 && folder < 0)
      folder = inotify_add_watch(inotify, folder_of(path).c_str(),
                                 IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE);
  }
};

Watcher::Watcher(const std::string& path) : handles_(std::make_unique<Handles>()) {
  handles_->path = path;
  handles_->wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  handles_->inotify = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  handles_->watch();
}

Watcher::~Watcher() {
  if (handles_->inotify >= 0) ::close(handles_->inotify);
  if (handles_->wake >= 0) ::close(handles_->wake);
}

// The kernel does not tell of changes on network file systems: no wait is longer than a second.
void Watcher::wait(std::chrono::milliseconds time) {
  Handles& h = *handles_;
  h.watch();
  pollfd fds[2] = {{h.wake, POLLIN, 0}, {h.inotify, POLLIN, 0}};
  const auto longest = std::chrono::milliseconds(h.folder < 0 ? 200 : 1000);
  ::poll(fds, h.inotify >= 0 ? 2 : 1, static_cast<int>(std::min(time, longest).count()));
  if (fds[1].revents & POLLIN) {
    alignas(inotify_event) char buffer[4096];
    while (::read(h.inotify, buffer, sizeof buffer) > 0) {
    }
  }
}

void Watcher::stop() {
  const std::uint64_t one = 1;
  if (::write(handles_->wake, &one, sizeof one) < 0) return;
}

}  // namespace escudo::sources::follow
