#include <windows.h>

#include <algorithm>

#include "base/utf16.hpp"
#include "runtime/content.hpp"

namespace escudo::runtime {

std::string executable_path() {
  wchar_t buffer[4096];
  const DWORD n = GetModuleFileNameW(nullptr, buffer, 4096);
  if (n == 0 || n >= 4096) return {};
  std::string out;
  base::utf16_to_utf8({reinterpret_cast<const char*>(buffer), n * sizeof(wchar_t)}, true, out);
  std::replace(out.begin(), out.end(), '\\', '/');
  return out;
}

}  // namespace escudo::runtime
