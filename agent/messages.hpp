#pragma once
// Where messages to people go: standard error, which a service of Windows does not have.

#include <cstdio>

namespace escudo::agent {

std::FILE* messages();
// Before the command runs, once.
void send_messages_to(std::FILE* file);

}  // namespace escudo::agent
