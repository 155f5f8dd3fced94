#include "harness/suite/changes.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/files.hpp"
#include "base/yaml.hpp"
#include "spl/walk.hpp"

namespace escudo::harness {
namespace {

std::string stem(const std::string& path) {
  const std::string name = base::file_name(path);
  return name.substr(0, name.rfind('.'));
}

bool mentions(const std::string& text, const std::set<std::string>& names) {
  return std::ranges::any_of(
      names, [&](const std::string& name) { return text.find(name) != std::string::npos; });
}

// What a checkout keeps in `folder`: by the name a changed file gives it, and by the file's own,
// which is all that a file says that is gone.
std::set<std::string> names_in(const char* folder, const std::set<std::string>& changed) {
  std::set<std::string> out;
  for (const std::string& file : changed) {
    if (base::file_name(base::parent_path(file)) != folder) continue;
    out.insert(stem(file));
    if (!file.ends_with(".yml") && !file.ends_with(".yaml")) continue;
    if (const auto yaml = base::Yaml::read_file(file)) {
      if (std::string name((*yaml)["name"].text()); !name.empty()) out.insert(std::move(name));
    }
  }
  return out;
}

// Whether a search reads or writes a table for which `is_wanted` holds.
bool uses_table(const spl::Pipeline& pipeline,
                const std::function<bool(const std::string&)>& is_wanted) {
  return std::ranges::any_of(pipeline.commands, [&](const spl::Command& command) {
    if (const auto* lookup = std::get_if<spl::Lookup>(&command.verb))
      if (is_wanted(lookup->table)) return true;
    if (const auto* input = std::get_if<spl::InputLookup>(&command.verb))
      if (is_wanted(input->table)) return true;
    if (const auto* output = std::get_if<spl::OutputLookup>(&command.verb))
      if (is_wanted(output->table)) return true;
    return std::ranges::any_of(
        spl::sub_pipelines(command),
        [&](const spl::PipelinePtr& child) { return uses_table(*child, is_wanted); });
  });
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
  const auto is_changed = [&](const std::string& path) {
    return changed.contains(as_git_names_it(original(path)));
  };
  const std::set<std::string> macros = names_in("macros", changed);
  std::set<std::string> lookups = names_in("lookups", changed);
  for (const std::string& name : book.catalog().lookup_names()) {
    const catalog::LookupDefinition* lookup = book.catalog().find_lookup(name);
    if (lookup && !lookup->file.empty() && is_changed(lookup->file)) lookups.insert(name);
  }
  // A search may also name the CSV file itself.
  const auto is_changed_table = [&](const std::string& table) {
    return lookups.contains(table) || (table.ends_with(".csv") && lookups.contains(stem(table)));
  };
  std::set<std::string> out;
  for (const detect::CompiledRule& rule : book.rules()) {
    // A rule that does not compile may do so for the change; it has no plan to ask.
    bool uses = false;
    if (!rule.plan) {
      uses = mentions(rule.rule->search, macros) || mentions(rule.rule->search, lookups);
    } else {
      const auto concerned = [&](const spl::Plan& plan) {
        return uses_table(*plan.pipeline, is_changed_table) ||
               std::ranges::any_of(plan.macros,
                                   [&](const auto& name) { return macros.contains(name); });
      };
      uses = std::ranges::any_of(rule.plans(),
                                 [&](const spl::Plan* plan) { return concerned(*plan); });
    }
    if (uses || is_changed(rule.rule->path)) out.insert(rule.rule->path);
  }
  std::ranges::copy_if(failed, std::inserter(out, out.end()), is_changed);
  return out;
}

}  // namespace escudo::harness
