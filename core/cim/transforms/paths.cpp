// Paths and account names.

#include "base/text.hpp"
#include "cim/transforms/transform.hpp"

namespace escudo::cim {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || base::is_digit(c) || c == '_';
}

bool all_word(std::string_view s) {
  for (char c : s) {
    if (!is_word(c)) return false;
  }
  return true;
}

// The Sysmon add-on deletes what its pattern  (.*\\)(?=.*(\.\w*)$|(\w+)$)  matches: the folder is
// cut off only when the name ends in an extension or is one word. `C:\x\a-b` keeps its whole path.
std::string_view sysmon_name(std::string_view path) {
  std::size_t slash = path.rfind('\\');
  if (slash == std::string_view::npos) return path;
  std::string_view name = path.substr(slash + 1);
  std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && all_word(name.substr(dot + 1))) return name;
  if (!name.empty() && all_word(name)) return name;
  return path;
}

FieldValues sysmon_basename(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, sysmon_name);
}

FieldValues basename(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [](std::string_view path) {
    std::size_t slash = path.find_last_of("\\/");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
  });
}

FieldValues strip_domain(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [](std::string_view account) {
    std::size_t slash = account.rfind('\\');
    return slash == std::string_view::npos ? account : account.substr(slash + 1);
  });
}

constexpr Transform transforms[] = {
    {"sysmon_basename", 1, 1, sysmon_basename},
    {"basename", 1, 1, basename},
    {"strip_domain", 1, 1, strip_domain},
};

}  // namespace

std::span<const Transform> path_transforms() { return transforms; }

}  // namespace escudo::cim
