#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "sinks/os.hpp"

namespace escudo::sinks::os {
namespace {

std::wstring wide(const std::string& utf8) {
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end())).wstring();
}

}  // namespace

void make_stdout_binary() { _setmode(_fileno(stdout), _O_BINARY); }

base::Result<void> move_into_place(const std::string& from, const std::string& to) {
  const DWORD how = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
  if (MoveFileExW(wide(from).c_str(), wide(to).c_str(), how)) return {};
  const std::error_code why(static_cast<int>(GetLastError()), std::system_category());
  return base::Error{"cannot write " + to + ": " + why.message()};
}

}  // namespace escudo::sinks::os
