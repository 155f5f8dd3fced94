#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.hpp"

namespace escudo::agent {

bool is_terminal(int descriptor) { return isatty(descriptor) != 0; }

int terminal_width(int descriptor) {
  winsize size{};
  return is_terminal(descriptor) && ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace escudo::agent
