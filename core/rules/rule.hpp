#pragma once
// Rule: one detection of Splunk's security content, whatever generation of YAML it was written in.
// No SPL here: `search` is text. Immutable after loading; share freely between threads.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/yaml.hpp"

namespace escudo::rules {

struct RiskObject {
  std::string field;
  std::string type;  // user, system, other
  double score = 0;
};

struct ThreatObject {
  std::string field;
  std::string type;
};

struct RiskSpec {
  std::string message;  // with $field$ tokens
  std::vector<RiskObject> objects;
  std::vector<ThreatObject> threats;
  double base = 0;       // v4: impact x confidence / 100, which every object gets; 0 in v5 and v6
  double score() const;  // the highest object score; `base` where there is no object
};

struct TestData {  // one `attack_data` item of a `tests:` entry
  std::string data, source, sourcetype, host;
};
struct RuleTest {
  std::string name;
  std::vector<TestData> data;
};

enum class Generation { v4, v5, v6 };

struct Rule {
  std::string name;
  std::string id;
  std::string type;    // TTP, Anomaly, Hunting, Correlation
  std::string status;  // production, experimental, deprecated
  std::string path;    // file it came from
  Generation generation = Generation::v4;
  std::string search;
  std::vector<std::string> data_sources;
  std::vector<std::string> mitre_attack;
  std::vector<std::string> analytic_stories;
  std::optional<RiskSpec> risk;
  std::vector<RuleTest> tests;
  std::string manual_test;  // why the file says its tests cannot run unattended; "" when they can
  // Schedule and throttling, where the file or its checkout (deployments/, schedules/) gives them.
  std::string earliest, latest, cron;
  std::vector<std::string> throttle_fields;
  std::string throttle_period;

  // The node of the search text, to point diagnostics into the file.
  base::Yaml search_node;
  base::Yaml document;
};

using RulePtr = std::shared_ptr<const Rule>;

struct RuleSet {
  std::vector<RulePtr> rules;             // sorted by name, then path
  base::Diagnostics problems;             // files that did not load, errors; oddities, warnings
  std::vector<std::string> failed_paths;  // files whose rule was left out
};

// Loads one YAML text. Null when it is no usable rule; `problems` then holds at least one error.
// Problems that leave a usable rule are warnings.
RulePtr load_rule(const std::string& yaml, const std::string& path, base::Diagnostics& problems);

// PATHs may be a YAML file, a folder (recursive), or a security_content checkout, of which only
// `detections/` is read (deprecated/ too is read, status tells). YAML files that are no detections
// (macros, lookups, stories, deployments) are passed over in a folder and an error when named
// themselves. A file that several paths reach is loaded once. Never stops at a bad file.
RuleSet load_rules(const std::vector<std::string>& paths);

// The security_content checkout (or folder laid out like one) that `path` belongs to: the nearest
// folder, beginning with `path` itself, that has detections/ or macros/ in it.
std::optional<std::string> checkout_of(const std::string& path);

}  // namespace escudo::rules
