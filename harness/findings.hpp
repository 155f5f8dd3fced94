#pragma once
// Findings as `escudo scan --format jsonl` prints them, and two lists of them compared.
//
// Pure functions over nlohmann::ordered_json: the order of keys and of findings is part of what Escudo
// promises.

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"

namespace escudo::harness {

using Finding = nlohmann::ordered_json;

// One JSON object a line; blank lines are skipped. Fails naming the line.
base::Result<std::vector<Finding>> parse_findings(std::string_view jsonl);
std::string print_findings(const std::vector<Finding>& findings);

// Cuts the first of `folders` that an evidence source lies in off its path, so that the same finding
// reads the same wherever the project lies.
void shorten_sources(Finding& finding, const std::vector<std::string>& folders);

// What `actual` misses (-), has too much (+) and has otherwise (~), for a person to read; empty when
// both are equal. Findings are paired by finding_id.
std::string difference(const std::vector<Finding>& expected, const std::vector<Finding>& actual);

// A member's text, or "" when it is absent or no text.
std::string text_of(const Finding& object, const char* member);

}  // namespace escudo::harness
