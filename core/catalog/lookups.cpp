// A lookup definition in the YAML of security_content. 2024: `filename` names a CSV beside it or
// `collection` a KV store. Later: `lookup_type`, a CSV named like the YAML file, match_type a list.

#include <cmath>

#include "base/files.hpp"
#include "base/text.hpp"
#include "catalog/load.hpp"

namespace escudo::catalog {
namespace {

std::string csv_name(const base::Yaml& node) {
  if (const std::string named = node["filename"].text(); !named.empty()) return named;
  if (node["lookup_type"].text() != "csv") return {};
  const std::string own = base::file_name(node.file());
  return own.substr(0, own.rfind('.')) + ".csv";
}

// Files are looked for beside the definition and nowhere else: a rule set is a stranger's text.
bool leaves_folder(const std::string& name) {
  return name.find("..") != std::string::npos || name.find('\\') != std::string::npos ||
         name.find(':') != std::string::npos || name.starts_with('/');
}

void find_file(const base::Yaml& node, const std::string& folder, LookupDefinition& lookup,
               base::Diagnostics& problems) {
  const std::string name = csv_name(node);
  if (name.empty() || name.ends_with(".mlmodel")) {  // a KV store, or no table at all
    lookup.optional_table = true;
    return;
  }
  const std::string path = base::join_path(folder, name);
  if (leaves_folder(name)) {
    warn(node["filename"], "bad-lookup", "a lookup's file lies beside its definition",
         "the table counts as empty", problems);
  } else if (!base::exists(path)) {
    warn(node["filename"] ? node["filename"] : node, "missing-lookup-file",
         "lookup `" + lookup.name + "` has no file " + path, "the table counts as empty", problems);
  } else {
    lookup.file = path;
  }
  lookup.optional_table = lookup.file.empty();
}

// WILDCARD(a), CIDR(b), EXACT(c): commas part them, as text or as a list.
void read_match_type(const base::Yaml& node, LookupDefinition& lookup,
                     base::Diagnostics& problems) {
  for (const base::Yaml& item : node.items()) {
    const std::string text = item.text();
    for (std::string_view part : base::split(text, ',')) {
      part = base::trim(part);
      if (part.empty()) continue;
      const std::size_t open = part.find('(');
      if (open == std::string_view::npos || !part.ends_with(')')) {
        warn(item, "bad-lookup", "match_type is a list like WILDCARD(field), CIDR(field)",
             "`" + std::string(part) + "` is ignored", problems);
        continue;
      }
      const std::string kind = base::to_lower(base::trim(part.substr(0, open)));
      std::string field(base::trim(part.substr(open + 1, part.size() - open - 2)));
      if (kind == "wildcard") {
        lookup.wildcard_fields.push_back(std::move(field));
      } else if (kind == "cidr") {
        lookup.cidr_fields.push_back(std::move(field));
      } else if (kind != "exact") {
        warn(item, "bad-lookup", "`" + std::string(part.substr(0, open)) + "` is no way to match",
             "WILDCARD, CIDR and EXACT are", problems);
      }
    }
  }
}

int count(const base::Yaml& node, int least, int otherwise, base::Diagnostics& problems) {
  if (!node) return otherwise;
  const auto number = node.number();
  if (!number || *number < least || *number > 1000 || *number != std::floor(*number)) {
    warn(node, "bad-lookup",
         "this must be a whole number from " + std::to_string(least) + " to 1000",
         std::to_string(otherwise) + " is used", problems);
    return otherwise;
  }
  return static_cast<int>(*number);
}

}  // namespace

std::optional<LookupDefinition> read_lookup(const base::Yaml& node, const std::string& folder,
                                            base::Diagnostics& problems) {
  LookupDefinition lookup;
  lookup.name = base::trim(node["name"].text());
  if (lookup.name.empty()) {
    warn(node, "bad-lookup", "a lookup needs a `name`", "it is left out", problems);
    return {};
  }
  find_file(node, folder, lookup, problems);
  read_match_type(node["match_type"], lookup, problems);
  lookup.case_sensitive = node["case_sensitive_match"].boolean(true);
  lookup.default_match = node["default_match"].text();
  lookup.min_matches = count(node["min_matches"], 0, 0, problems);
  lookup.max_matches = count(node["max_matches"], 1, 1000, problems);
  lookup.filter = node["filter"].text();
  return lookup;
}

}  // namespace escudo::catalog
