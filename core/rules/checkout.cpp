#include "base/files.hpp"
#include "rules/rule.hpp"

namespace escudo::rules {
namespace {

constexpr int most_levels = 32;

// The folder above, by name only; "" where there is none. Above "." come "..", "../.." and so on.
std::string above(const std::string& folder) {
  if (folder == ".") return "..";
  if (folder == ".." || folder.ends_with("/..")) return folder + "/..";
  if (folder == "/" || folder.ends_with(':')) return {};
  const std::string parent = base::parent_path(folder);
  return parent.empty() ? "." : parent;
}

}  // namespace

std::optional<std::string> checkout_of(const std::string& path) {
  std::string folder = path;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  if (folder.empty()) folder.push_back('.');
  for (int level = 0; level < most_levels && !folder.empty(); ++level) {
    for (const char* name : {"detections", "macros"}) {
      if (base::is_folder(base::join_path(folder, name))) return folder;
    }
    folder = above(folder);
  }
  return {};
}

}  // namespace escudo::rules
