#include "catalog/catalog.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "catalog/load.hpp"

namespace escudo::catalog {
namespace {

std::string macro_key(std::string_view name, std::size_t arity) {
  std::string key(name);
  if (arity > 0) key += '(' + std::to_string(arity) + ')';
  return key;
}

template <class Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> out;
  for (const auto& [key, entry] : map) out.push_back(entry.name);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

const ModelField* Dataset::find(std::string_view field) const {
  const auto it = std::ranges::find(fields, field, &ModelField::name);
  return it == fields.end() ? nullptr : &*it;
}

void Catalog::add_folder(const std::string& folder, base::Diagnostics& problems) {
  using base::join_path;
  using base::Severity;
  for (const auto& doc : documents_in(join_path(folder, "macros"), Severity::warning, problems)) {
    if (auto macro = read_macro(doc, problems)) add_macro(std::move(*macro));
  }
  const std::string lookups = join_path(folder, "lookups");
  for (const auto& doc : documents_in(lookups, Severity::warning, problems)) {
    const std::string beside = base::parent_path(doc.file());
    if (auto lookup = read_lookup(doc, beside, problems)) add_lookup(std::move(*lookup));
  }
  // A search may name a CSV file that no definition speaks of. Such a table has the defaults.
  std::vector<std::string> unreadable;
  if (base::is_folder(lookups)) {
    for (const std::string& path : base::files_under(lookups, unreadable)) {
      if (!path.ends_with(".csv")) continue;
      LookupDefinition table;
      table.name = base::file_name(path);
      table.file = path;
      lookup_files_.try_emplace(table.name, std::move(table));
    }
  }
  for (const auto& doc : documents_in(join_path(folder, "datamodels"), Severity::error, problems)) {
    for (Dataset& dataset : read_data_model(doc, problems)) add_dataset(std::move(dataset));
  }
  const std::string attack = join_path(folder, "attack");
  for (Technique& technique : read_techniques(attack, problems)) {
    std::string id = technique.id;
    techniques_.try_emplace(std::move(id), std::move(technique));
  }
  for (auto& [tactic, id] : read_tactics(attack, problems)) {
    tactic_ids_.try_emplace(std::move(tactic), std::move(id));
  }
}

void Catalog::add_macro_file(const std::string& path, base::Diagnostics& problems) {
  const auto document = base::Yaml::read_file(path, problems);
  if (!document) return;
  if (document->is_map() && !(*document)["definition"]) {
    // name: definition, or name: {definition, arguments}
    for (const auto& [name, node] : document->members()) {
      if (node.is_scalar()) {
        add_macro({name, {}, node.text(), path});
      } else if (auto macro = read_macro(node, problems)) {
        add_macro(std::move(*macro));
      }
    }
    return;
  }
  const auto nodes = document->is_list() ? document->items() : std::vector{*document};
  for (const base::Yaml& node : nodes) {
    if (auto macro = read_macro(node, problems)) add_macro(std::move(*macro));
  }
}

void Catalog::add_macro(Macro macro) {
  std::string key = macro_key(macro.name, macro.arguments.size());
  macros_.try_emplace(std::move(key), std::move(macro));
}

void Catalog::add_lookup(LookupDefinition lookup) {
  if (!lookup.file.empty()) {
    lookup_files_.try_emplace(base::file_name(lookup.file), lookup);
  }
  lookups_.try_emplace(lookup.name, std::move(lookup));
}

void Catalog::add_dataset(Dataset dataset) {
  if (!find_dataset(dataset.model, dataset.name)) datasets_.push_back(std::move(dataset));
}

const Macro* Catalog::find_macro(std::string_view name, std::size_t arity) const {
  // What a site does not tune lets every row pass.
  static const Macro pass_all{"", {}, "search *", ""};
  const auto it = macros_.find(macro_key(name, arity));
  if (it != macros_.end()) return &it->second;
  return arity == 0 && name.ends_with("_filter") ? &pass_all : nullptr;
}

std::vector<std::string> Catalog::macro_names() const { return names_of(macros_); }

const LookupDefinition* Catalog::find_lookup(std::string_view name) const {
  auto it = lookups_.find(name);
  if (it != lookups_.end()) return &it->second;
  it = lookup_files_.find(name);
  return it == lookup_files_.end() ? nullptr : &it->second;
}

std::vector<std::string> Catalog::lookup_names() const { return names_of(lookups_); }

const Dataset* Catalog::find_dataset(std::string_view full_name) const {
  const std::size_t dot = full_name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  return find_dataset(full_name.substr(0, dot), full_name.substr(dot + 1));
}

const Dataset* Catalog::find_dataset(std::string_view model, std::string_view node) const {
  const auto it = std::ranges::find_if(
      datasets_, [&](const Dataset& d) { return d.model == model && d.name == node; });
  return it == datasets_.end() ? nullptr : &*it;
}

const Technique* Catalog::find_technique(std::string_view id) const {
  const auto it = techniques_.find(id);
  return it == techniques_.end() ? nullptr : &it->second;
}

std::string_view Catalog::tactic_id(std::string_view tactic) const {
  const auto it = tactic_ids_.find(tactic);
  return it == tactic_ids_.end() ? std::string_view() : std::string_view(it->second);
}

std::vector<std::string> Catalog::dataset_names() const {
  std::vector<std::string> out;
  for (const Dataset& dataset : datasets_) out.push_back(dataset.full_name());
  return out;
}

}  // namespace escudo::catalog
