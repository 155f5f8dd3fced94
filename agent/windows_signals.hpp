#pragma once
// What is asked of a command's Signals on Windows by others than the console. Any thread; what is asked
// before the command watches waits for it.

namespace escudo::agent {

void ask_to_stop(bool by_user);
void ask_to_reload();

}  // namespace escudo::agent
