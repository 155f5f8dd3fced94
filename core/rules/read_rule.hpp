#pragma once
// One parsed document -> Rule. Private to rules.

#include <memory>

#include "base/yaml.hpp"
#include "rules/rule.hpp"

namespace escudo::rules {

// Whether the document means to be a detection, well made or not: macros, lookups, stories,
// baselines, deployments and whatever else lies about in a checkout do not.
bool is_detection(const base::Yaml& document);

// Null when it is no usable rule; `problems` then holds an error.
std::shared_ptr<Rule> read_rule(const base::Yaml& document, const std::string& path,
                                base::Diagnostics& problems);

}  // namespace escudo::rules
