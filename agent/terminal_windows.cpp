#include <windows.h>

#include <io.h>

#include "terminal.hpp"

namespace escudo::agent {

bool is_terminal(int descriptor) { return _isatty(descriptor) != 0; }

int terminal_width(int descriptor) {
  CONSOLE_SCREEN_BUFFER_INFO info;
  const HANDLE handle = GetStdHandle(descriptor == 1 ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
  if (!is_terminal(descriptor) || !GetConsoleScreenBufferInfo(handle, &info)) return 0;
  return info.srWindow.Right - info.srWindow.Left + 1;
}

}  // namespace escudo::agent
