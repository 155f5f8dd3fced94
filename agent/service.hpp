#pragma once
// Being a service of the operating system. One file a platform.

#include <string>
#include <vector>

namespace escudo::agent {

// The words behind `escudo service`: [--log FILE] COMMAND… Runs `command`, which is main() for words, under
// the service control manager of Windows, which started this process, until that asks it to end. Its
// messages go to FILE. Elsewhere, and when nobody manages the process, a usage error.
int run_as_service(std::vector<std::string> words, int (*command)(const std::vector<std::string>& words));

}  // namespace escudo::agent
