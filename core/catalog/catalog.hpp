#pragma once
// Catalog: what a name in a rule means: macros, lookups, data models.
//
// Looked up in this order, first wins: --macros files, the checkout beside the rules, content/
// shipped with Escudo. An undefined `*_filter` macro is `search *`. Immutable after loading,
// thread-safe.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"

namespace escudo::catalog {

struct Macro {
  std::string name;
  std::vector<std::string> arguments;  // parameter names
  std::string definition;
  std::string file;  // where it was defined, for diagnostics; "" when built in
};

struct LookupDefinition {
  std::string name;
  std::string file;             // CSV path; empty: a KV store or site table, an optional table
  bool optional_table = false;  // KV store or not shipped: absent means empty
  bool case_sensitive = true;
  std::string default_match;
  int min_matches = 0;
  int max_matches = 1000;
  std::vector<std::string> wildcard_fields;  // match_type WILDCARD(f)
  std::vector<std::string> cidr_fields;      // match_type CIDR(f)
  std::string filter;
};

// One field of a data model's dataset and the model's own rule for it.
struct ModelField {
  std::string name;
  std::string expression;  // the model's calculation, in cim's language; "" = the field itself
  std::string fallback;    // used when null or empty ("unknown"); "" = stays null
};
struct Dataset {
  std::string model;  // "Endpoint"
  std::string name;   // "Processes"
  std::vector<std::string> tags;
  std::vector<ModelField> fields;
  const ModelField* find(std::string_view field) const;
  std::string full_name() const { return model + "." + name; }
};

// A technique of MITRE ATT&CK.
struct Technique {
  std::string id;                    // "T1059.001"
  std::string name;                  // "" when it is not at hand
  std::vector<std::string> tactics;  // "privilege-escalation"
};

class Catalog {
 public:
  // Reads macros/, lookups/ of a checkout or content folder, datamodels/ and attack/ of a content
  // folder.
  // Folders that lack one of them are fine. Later calls do not override earlier ones. What is
  // malformed is left out: an error in `problems` for data models, which Escudo ships, a warning
  // for the rest, because the detections that do not need it still run.
  void add_folder(const std::string& folder, base::Diagnostics& problems);
  // One YAML file of macros: a single {name, definition, arguments} or a list or map of them.
  void add_macro_file(const std::string& path, base::Diagnostics& problems);
  void add_macro(Macro macro);
  void add_lookup(LookupDefinition lookup);
  void add_dataset(Dataset dataset);

  // `arity` tells overloads apart, as Splunk's name(1) does. Valid as long as the catalog.
  const Macro* find_macro(std::string_view name, std::size_t arity) const;
  std::vector<std::string> macro_names() const;
  // By the name of its definition, else by that of its CSV file ("tools.csv").
  const LookupDefinition* find_lookup(std::string_view name) const;
  std::vector<std::string> lookup_names() const;
  const Dataset* find_dataset(std::string_view full_name) const;  // "Endpoint.Processes"
  // datamodel=Change names the model, the field prefix then names the node.
  const Dataset* find_dataset(std::string_view model, std::string_view node) const;
  std::vector<std::string> dataset_names() const;
  const std::vector<Dataset>& datasets() const { return datasets_; }
  const Technique* find_technique(std::string_view id) const;  // null: not known
  std::string_view tactic_id(std::string_view tactic) const;   // "TA0004", "" when not known

 private:
  std::map<std::string, Macro, std::less<>> macros_;  // key "name(arity)" or "name"
  std::map<std::string, LookupDefinition, std::less<>> lookups_;
  std::map<std::string, LookupDefinition, std::less<>> lookup_files_;  // by CSV file name
  std::vector<Dataset> datasets_;
  std::map<std::string, Technique, std::less<>> techniques_;
  std::map<std::string, std::string, std::less<>> tactic_ids_;
};

}  // namespace escudo::catalog
