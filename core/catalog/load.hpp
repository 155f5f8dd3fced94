#pragma once
// The files a catalog is made of, one reader each. Private to catalog. Nothing throws; every reader
// goes on after a bad file.

#include <string>
#include <vector>

#include "base/yaml.hpp"
#include "catalog/catalog.hpp"

namespace escudo::catalog {

// Every YAML file under `folder`, parsed; none when there is no such folder. What does not parse is
// a problem of the given severity.
std::vector<base::Yaml> documents_in(const std::string& folder, base::Severity severity,
                                     base::Diagnostics& problems);

// Nothing and a warning when the node is no macro.
std::optional<Macro> read_macro(const base::Yaml& node, base::Diagnostics& problems);
// `folder` is where the CSV files lie.
std::optional<LookupDefinition> read_lookup(const base::Yaml& node, const std::string& folder,
                                            base::Diagnostics& problems);
std::vector<Dataset> read_data_model(const base::Yaml& document, base::Diagnostics& problems);

// The tables of a folder attack/; none where there is no such file.
std::vector<Technique> read_techniques(const std::string& folder, base::Diagnostics& problems);
std::vector<std::pair<std::string, std::string>> read_tactics(const std::string& folder,
                                                              base::Diagnostics& problems);

void warn(const base::Yaml& at, std::string code, std::string message, std::string hint,
          base::Diagnostics& problems);

}  // namespace escudo::catalog
