#include <windows.h>

#include <filesystem>

#include "base/files.hpp"
#include "runtime/state_lock.hpp"

namespace escudo::runtime {
namespace {

HANDLE open_alone(const std::string& folder, DWORD how) {
  const std::string path = base::join_path(folder, "lock");
  const std::filesystem::path wide(std::u8string(path.begin(), path.end()));
  return CreateFileW(wide.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, how, FILE_ATTRIBUTE_NORMAL, nullptr);
}

}  // namespace

base::Result<std::unique_ptr<StateLock>> StateLock::take(const std::string& folder) {
  const HANDLE handle = open_alone(folder, OPEN_ALWAYS);
  if (handle != INVALID_HANDLE_VALUE) return std::unique_ptr<StateLock>(new StateLock(handle));
  if (GetLastError() == ERROR_SHARING_VIOLATION) return base::Error{"another escudo tail uses the state folder " + folder};
  return base::Error{"cannot use the state folder " + folder};
}

bool StateLock::is_taken(const std::string& folder) {
  const HANDLE handle = open_alone(folder, OPEN_EXISTING);
  if (handle == INVALID_HANDLE_VALUE) return GetLastError() == ERROR_SHARING_VIOLATION;
  CloseHandle(handle);
  return false;
}

StateLock::~StateLock() { CloseHandle(handle_); }

}  // namespace escudo::runtime
