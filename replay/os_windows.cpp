#include <windows.h>

#include <cstdlib>

#include "base/files.hpp"
#include "base/utf16.hpp"
#include "replay/os.hpp"

namespace escudo::replay {
namespace {

std::wstring wide(const std::string& utf8) {
  const int n =
      MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), nullptr, 0);
  std::wstring out(static_cast<std::size_t>(n), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), out.data(), n);
  return out;
}

base::Error failure(const char* what, const std::string& path) {
  return {std::string("cannot ") + what + " " + path + ": error " + std::to_string(GetLastError())};
}

OVERLAPPED at(std::uint64_t offset) {
  OVERLAPPED out{};
  out.Offset = static_cast<DWORD>(offset);
  out.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return out;
}

class WindowsLockedFile final : public LockedFile {
 public:
  WindowsLockedFile(HANDLE file, std::string path, std::uint64_t size)
      : file_(file), path_(std::move(path)), size_(size) {}
  ~WindowsLockedFile() override { close(); }

  std::uint64_t size() const override { return size_; }

  base::Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      OVERLAPPED place = at(size_);
      DWORD n = 0;
      const DWORD wanted = bytes.size() < (1u << 30) ? static_cast<DWORD>(bytes.size()) : 1u << 30;
      if (!WriteFile(file_, bytes.data(), wanted, &n, &place)) return failure("write", path_);
      size_ += n;
      bytes.remove_prefix(n);
    }
    return {};
  }

  base::Result<void> truncate() override {
    LARGE_INTEGER zero{};
    if (!SetFilePointerEx(file_, zero, nullptr, FILE_BEGIN) || !SetEndOfFile(file_)) {
      return failure("write", path_);
    }
    size_ = 0;
    return {};
  }

  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      OVERLAPPED place = at(offset + done);
      DWORD n = 0;
      if (!ReadFile(file_, to + done, static_cast<DWORD>(size - done), &n, &place)) {
        if (GetLastError() == ERROR_HANDLE_EOF) break;
        return failure("read", path_);
      }
      if (n == 0) break;
      done += n;
    }
    return done;
  }

  // An open file keeps its name: the lock goes first. Whoever takes it in between finds a whole
  // file, or none.
  base::Result<void> move_to(const std::string& target) override {
    if (!FlushFileBuffers(file_)) return failure("sync", path_);
    close();
    if (!MoveFileExW(wide(path_).c_str(), wide(target).c_str(),
                     MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
      return failure("write", target);
    }
    return {};
  }

  void remove() override {
    close();
    DeleteFileW(wide(path_).c_str());
  }

 private:
  void close() {
    if (file_ != INVALID_HANDLE_VALUE) CloseHandle(file_);
    file_ = INVALID_HANDLE_VALUE;
  }

  HANDLE file_;
  std::string path_;
  std::uint64_t size_;
};

}  // namespace

base::Result<std::unique_ptr<LockedFile>> try_lock(const std::string& path) {
  // No sharing for writers is the lock.
  const HANDLE file = CreateFileW(wide(path).c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ,
                                  nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) {
    if (GetLastError() == ERROR_SHARING_VIOLATION) return std::unique_ptr<LockedFile>();
    return failure("open", path);
  }
  LARGE_INTEGER size{};
  if (!GetFileSizeEx(file, &size)) {
    const base::Error error = failure("read", path);
    CloseHandle(file);
    return error;
  }
  return std::unique_ptr<LockedFile>(
      new WindowsLockedFile(file, path, static_cast<std::uint64_t>(size.QuadPart)));
}

base::Result<void> make_folders(const std::string& path) {
  for (std::size_t end = 1; end <= path.size(); ++end) {
    if (end < path.size() && path[end] != '/') continue;
    const std::string part = path.substr(0, end);
    if (CreateDirectoryW(wide(part).c_str(), nullptr)) continue;
    if (!base::is_folder(part)) return failure("make the folder", part);
  }
  return {};
}

base::Result<void> remove_file(const std::string& path) {
  if (!DeleteFileW(wide(path).c_str()) && GetLastError() != ERROR_FILE_NOT_FOUND) {
    return failure("remove", path);
  }
  return {};
}

std::string cache_folder() {
  const char* local = std::getenv("LOCALAPPDATA");
  if (!local) return {};
  std::string out = local;
  for (char& c : out) {
    if (c == '\\') c = '/';
  }
  return out;
}

}  // namespace escudo::replay
