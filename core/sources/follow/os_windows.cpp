#include <windows.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "base/files.hpp"
#include "sources/follow/os.hpp"

namespace escudo::sources::follow {
namespace {

std::filesystem::path wide(const std::string& utf8) { return std::filesystem::path(std::u8string(utf8.begin(), utf8.end())); }

std::string narrow(const std::filesystem::path& path) {
  const std::u8string text = path.generic_u8string();
  return {text.begin(), text.end()};
}

base::Error failure(const std::string& what) {
  return {what + ": " + std::error_code(static_cast<int>(GetLastError()), std::system_category()).message()};
}

HANDLE open_shared(const std::string& path) {
  return CreateFileW(wide(path).c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                     nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
}

FileState state_of(HANDLE handle) {
  BY_HANDLE_FILE_INFORMATION info{};
  FileState out;
  if (!GetFileInformationByHandle(handle, &info)) return out;
  const auto join = [](DWORD high, DWORD low) { return std::uint64_t{high} << 32 | low; };
  out.id = {info.dwVolumeSerialNumber, join(info.nFileIndexHigh, info.nFileIndexLow)};
  out.size = join(info.nFileSizeHigh, info.nFileSizeLow);
  const std::uint64_t ticks = join(info.ftLastWriteTime.dwHighDateTime, info.ftLastWriteTime.dwLowDateTime);
  out.modified = static_cast<std::int64_t>(ticks - 116'444'736'000'000'000ull) * 100;
  return out;
}

class WindowsFile final : public OpenFile {
 public:
  explicit WindowsFile(HANDLE handle) : handle_(handle) {}
  ~WindowsFile() override { CloseHandle(handle_); }
  FileState state() const override { return state_of(handle_); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      OVERLAPPED at{};
      at.Offset = static_cast<DWORD>(offset + done);
      at.OffsetHigh = static_cast<DWORD>((offset + done) >> 32);
      DWORD got = 0;
      const DWORD part = static_cast<DWORD>(std::min<std::size_t>(size - done, 1u << 30));
      if (!ReadFile(handle_, to + done, part, &got, &at)) {
        if (GetLastError() == ERROR_HANDLE_EOF) break;
        return failure("cannot be read");
      }
      if (got == 0) break;
      done += got;
    }
    return done;
  }

 private:
  HANDLE handle_;
};

}  // namespace

base::Result<std::unique_ptr<OpenFile>> OpenFile::open(const std::string& path) {
  const HANDLE handle = open_shared(path);
  if (handle == INVALID_HANDLE_VALUE) return failure("cannot be opened");
  return std::unique_ptr<OpenFile>(new WindowsFile(handle));
}

std::optional<FileState> look(const std::string& path) {
  const HANDLE handle = open_shared(path);
  if (handle == INVALID_HANDLE_VALUE) return {};
  FileState out = state_of(handle);
  CloseHandle(handle);
  out.path = path;
  return out;
}

std::vector<FileState> family(const std::string& path) {
  std::vector<FileState> out;
  const std::string name = base::file_name(path), folder = base::parent_path(path);
  std::error_code error;
  std::filesystem::directory_iterator at(wide(folder.empty() ? "." : folder), error), end;
  for (; !error && at != end; at.increment(error)) {
    const std::string each = narrow(at->path().filename());
    std::error_code ignored;
    if (!each.starts_with(name) || !at->is_regular_file(ignored)) continue;
    if (auto state = look(each == name ? path : base::join_path(folder, each))) out.push_back(std::move(*state));
  }
  return out;
}

struct Watcher::Handles {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
};

Watcher::Watcher(const std::string&) : handles_(std::make_unique<Handles>()) {}
Watcher::~Watcher() = default;

// Directory notifications tell of appends only once the file is closed: looking is surer.
void Watcher::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(handles_->mutex);
  handles_->changed.wait_for(lock, std::min(time, std::chrono::milliseconds(100)), [&] { return handles_->stopped; });
}

void Watcher::stop() {
  std::lock_guard lock(handles_->mutex);
  handles_->stopped = true;
  handles_->changed.notify_all();
}

}  // namespace escudo::sources::follow
