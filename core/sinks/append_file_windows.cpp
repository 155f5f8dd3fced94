#include <windows.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "sinks/append_file.hpp"

namespace escudo::sinks {
namespace {

class WindowsAppendFile final : public AppendFile {
 public:
  WindowsAppendFile(std::string path, HANDLE handle) : path_(std::move(path)), handle_(handle) {}
  ~WindowsAppendFile() override { CloseHandle(handle_); }

  base::Result<void> append(std::string_view bytes) override {
    LARGE_INTEGER none{};
    if (!SetFilePointerEx(handle_, none, nullptr, FILE_END)) return failure();
    while (!bytes.empty()) {
      DWORD n = 0;
      const DWORD part = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1u << 30));
      if (!WriteFile(handle_, bytes.data(), part, &n, nullptr)) return failure();
      bytes.remove_prefix(n);
    }
    return {};
  }
  base::Result<void> cut(std::uint64_t length) override {
    LARGE_INTEGER at{};
    at.QuadPart = static_cast<LONGLONG>(length);
    if (!SetFilePointerEx(handle_, at, nullptr, FILE_BEGIN) || !SetEndOfFile(handle_)) return failure();
    return sync();
  }
  base::Result<void> sync() override {
    if (!FlushFileBuffers(handle_)) return failure();
    return {};
  }
  std::uint64_t size() const override {
    LARGE_INTEGER size{};
    return GetFileSizeEx(handle_, &size) ? static_cast<std::uint64_t>(size.QuadPart) : 0;
  }

 private:
  base::Error failure() const {
    return {"cannot write " + path_ + ": " + std::error_code(static_cast<int>(GetLastError()), std::system_category()).message()};
  }
  std::string path_;
  HANDLE handle_;
};

}  // namespace

base::Result<std::unique_ptr<AppendFile>> AppendFile::open(const std::string& path) {
  const std::filesystem::path wide(std::u8string(path.begin(), path.end()));
  const HANDLE handle = CreateFileW(wide.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr,
                                    OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE)
    return base::Error{"cannot write " + path + ": " + std::error_code(static_cast<int>(GetLastError()), std::system_category()).message()};
  return std::unique_ptr<AppendFile>(new WindowsAppendFile(path, handle));
}

}  // namespace escudo::sinks
