#include "runtime/content.hpp"

#include <cstdlib>

#include "base/files.hpp"

namespace escudo::runtime {

std::string content_folder() {
  if (const char* set = std::getenv("ESCUDO_CONTENT"); set && *set) return set;
  if (const std::string self = executable_path(); !self.empty()) {
    const std::string beside = base::join_path(base::parent_path(base::parent_path(self)), "share/escudo/content");
    if (base::is_folder(beside)) return beside;
  }
  return ESCUDO_CONTENT_DIR;
}

}  // namespace escudo::runtime
