#pragma once
// What the program knows of the terminal and of signals. One file a platform behind it.

#include <atomic>

namespace escudo::agent {

bool is_terminal(int descriptor);        // 1 standard output, 2 standard error
int terminal_width(int descriptor);      // columns, 0 when it is no terminal
bool wants_color(int descriptor);        // a terminal, and NO_COLOR unset
// After this, Ctrl-C sets the flag; a second one ends the program at once.
const std::atomic<bool>& watch_interrupt();

}  // namespace escudo::agent
