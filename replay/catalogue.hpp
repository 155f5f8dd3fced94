#pragma once
// Catalogue: which datasets there are, who uses them, and what is known of each.
//
// Datasets come from the detections' `tests:`. An index adds what they do not say, sha256 and size:
//   a TSV file `path <tab> sha256 <tab> bytes` (first line a heading),
//   or a checkout of attack_data (its dataset YAMLs, its Git LFS pointers, or the files
//   themselves).
//
// Value types; building reads files and touches no other state.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "replay/reference.hpp"
#include "rules/rule.hpp"

namespace escudo::replay {

struct Dataset {
  std::string name;
  std::string address;                   // as first written, for what lies outside attack_data
  std::optional<Content> content;        // sha256 and size, when an index tells
  std::string file;                      // the content itself, in a checkout given as index
  std::string source, sourcetype, host;  // what Splunk calls it; "" when nobody says
  std::vector<std::string> detections;   // names, sorted
};

class Catalogue {
 public:
  void add_rules(const rules::RuleSet& rules);
  // Datasets it names that no detection uses are added too when `all`. What cannot be used of an
  // index is named in `problems`; fails when nothing can.
  base::Result<void> add_index(const std::string& path, bool all,
                               std::vector<std::string>& problems);
  // One more dataset, by path or address; not added when its name cannot be one.
  void add(const std::string& address);

  const Dataset* find(const std::string& name) const;
  // Sorted by name. Without patterns all; else those whose name, or one of whose detections, fits
  // one ('*' allowed). A pattern that is the path or address of one dataset adds it. Patterns that
  // fit nothing are put into `unmatched`.
  std::vector<const Dataset*> choose(const std::vector<std::string>& patterns,
                                     std::vector<std::string>& unmatched);
  std::size_t size() const { return datasets_.size(); }

 private:
  Dataset& entry(const std::string& address);
  base::Result<void> add_table(const std::string& path, std::vector<std::string>& problems);
  base::Result<void> add_checkout(const std::string& path, std::vector<std::string>& problems);
  void add_dataset_yaml(const std::string& path, std::vector<std::string>& problems);

  std::map<std::string, Dataset> datasets_;
  // What an index knows of datasets that nobody has asked for yet.
  std::map<std::string, Dataset> known_;
};

}  // namespace escudo::replay
