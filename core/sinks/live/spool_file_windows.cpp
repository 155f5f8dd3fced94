#include <windows.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "sinks/live/spool_file.hpp"

namespace escudo::sinks {

struct SpoolFile::Handle {
  HANDLE file = INVALID_HANDLE_VALUE;
  ~Handle() {
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
  }
};

namespace {

std::string last_error() {
  return std::error_code(static_cast<int>(GetLastError()), std::system_category()).message();
}

OVERLAPPED at(std::uint64_t offset) {
  OVERLAPPED out = {};
  out.Offset = static_cast<DWORD>(offset);
  out.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return out;
}

bool cut_to(HANDLE file, std::uint64_t size) {
  FILE_END_OF_FILE_INFO end = {};
  end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
  return SetFileInformationByHandle(file, FileEndOfFileInfo, &end, sizeof end) != 0;
}

}  // namespace

SpoolFile::SpoolFile(std::unique_ptr<Handle> handle, std::string path, std::uint64_t size)
    : handle_(std::move(handle)), path_(std::move(path)), size_(size) {}
SpoolFile::~SpoolFile() = default;

base::Error SpoolFile::error() const { return {"cannot write " + path_ + ": " + last_error()}; }

base::Result<std::unique_ptr<SpoolFile>> SpoolFile::open(const std::string& path) {
  auto handle = std::make_unique<Handle>();
  const std::filesystem::path name(std::u8string(path.begin(), path.end()));
  // Shared, so that another program may read or rename it.
  handle->file = CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_ALWAYS,
                             FILE_ATTRIBUTE_NORMAL, nullptr);
  LARGE_INTEGER size = {};
  if (handle->file == INVALID_HANDLE_VALUE || !GetFileSizeEx(handle->file, &size)) {
    return base::Error{"cannot write " + path + ": " + last_error()};
  }
  return std::unique_ptr<SpoolFile>(
      new SpoolFile(std::move(handle), path, static_cast<std::uint64_t>(size.QuadPart)));
}

base::Result<void> SpoolFile::append(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    OVERLAPPED where = at(size_ + done);
    const auto part = static_cast<DWORD>(std::min<std::size_t>(bytes.size() - done, 1u << 30));
    DWORD n = 0;
    if (!WriteFile(handle_->file, bytes.data() + done, part, &n, &where) || n == 0) {
      const base::Error why = error();
      if (!cut_to(handle_->file, size_)) return error();
      return why;
    }
    done += n;
  }
  size_ += bytes.size();
  return {};
}

base::Result<void> SpoolFile::sync() {
  if (!FlushFileBuffers(handle_->file)) return error();
  return {};
}

base::Result<void> SpoolFile::cut(std::uint64_t size) {
  if (!cut_to(handle_->file, size)) return error();
  size_ = size;
  return {};
}

base::Result<std::string> SpoolFile::read_at(std::uint64_t offset, std::size_t size) {
  std::string out(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    OVERLAPPED where = at(offset + done);
    const auto part = static_cast<DWORD>(std::min<std::size_t>(size - done, 1u << 30));
    DWORD n = 0;
    if (!ReadFile(handle_->file, out.data() + done, part, &n, &where)) {
      if (GetLastError() == ERROR_HANDLE_EOF) break;
      return base::Error{"cannot read " + path_ + ": " + last_error()};
    }
    if (n == 0) break;
    done += n;
  }
  out.resize(done);
  return out;
}

}  // namespace escudo::sinks
