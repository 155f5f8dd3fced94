#pragma once
// Where the content that Escudo ships lies: beside the installed program (../share/escudo/content), else
// where it was built from. ESCUDO_CONTENT in the environment overrides both.

#include <string>

namespace escudo::runtime {

std::string content_folder();
// The running program's own path, "" when the system does not tell. (executable_<os>.cpp)
std::string executable_path();

}  // namespace escudo::runtime
