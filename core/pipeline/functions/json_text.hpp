#pragma once
// JSON held in the text of a field: reading it, Splunk's paths into it, writing it again. A text
// that is no JSON, or nests deeper than 200 levels, is nothing. The one header that shows
// nlohmann::json.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace escudo::pipeline {

using Json = nlohmann::ordered_json;

std::optional<Json> parse_json(std::string_view text);
// A string as it is, everything else as JSON; null is nothing.
std::optional<std::string> json_value_text(const Json& json);
std::string json_text(const Json& json);

// "a.b{0}.c": members by name, elements by number from 0, {} every element. A member whose own name
// has a point in it is found where no shorter name leads on. Nothing found: empty.
std::vector<const Json*> json_at(const Json& root, std::string_view path);

}  // namespace escudo::pipeline
