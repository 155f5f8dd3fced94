#include "harness/suite/changes.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/files.hpp"

namespace escudo::harness {
namespace {

std::string stem(const std::string& path) {
  const std::string name = base::file_name(path);
  return name.substr(0, name.rfind('.'));
}

// What a checkout keeps in `folder`, a file a thing, named after it.
std::set<std::string> names_in(const char* folder, const std::set<std::string>& changed) {
  std::set<std::string> out;
  for (const std::string& file : changed) {
    if (base::file_name(base::parent_path(file)) == folder) out.insert(stem(file));
  }
  return out;
}

}  // namespace

std::string as_git_names_it(const std::string& path) {
  std::error_code error;
  if (base::is_folder(path)) {
    const auto folder = std::filesystem::weakly_canonical(path, error).generic_string();
    return error ? path : folder;
  }
  const std::filesystem::path file(path);
  const auto folder =
      std::filesystem::weakly_canonical(file.has_parent_path() ? file.parent_path() : ".", error);
  return error ? path : (folder / file.filename()).generic_string();
}

std::set<std::string> affected_files(
    const detect::RuleBook& book, const std::vector<std::string>& failed,
    const std::set<std::string>& changed,
    const std::function<std::string(const std::string&)>& original) {
  const std::set<std::string> macros = names_in("macros", changed),
                              lookups = names_in("lookups", changed);
  const auto is_changed = [&](const std::string& path) {
    return changed.contains(as_git_names_it(original(path)));
  };
  std::set<std::string> out;
  for (const detect::CompiledRule& rule : book.rules()) {
    // A rule that does not compile may do so for the change.
    const auto& text = rule.plan ? rule.plan->expanded.text : rule.rule->search;
    const bool uses =
        rule.plan ? std::ranges::any_of(rule.plan->macros,
                                        [&](const auto& name) { return macros.contains(name); })
                  : std::ranges::any_of(macros, [&](const auto& name) {
                      return text.find(name) != std::string::npos;
                    });
    const bool looks = std::ranges::any_of(
        lookups, [&](const auto& name) { return text.find(name) != std::string::npos; });
    if (uses || looks || is_changed(rule.rule->path)) out.insert(rule.rule->path);
  }
  std::ranges::copy_if(failed, std::inserter(out, out.end()), is_changed);
  return out;
}

}  // namespace escudo::harness
