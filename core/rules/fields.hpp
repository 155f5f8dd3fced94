#pragma once
// Fields: reads the members of one YAML map by type and complains, with a caret, about those that
// are missing or something else. Private to rules.
//
// `problems` must outlive it. Nothing throws.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/yaml.hpp"

namespace escudo::rules {

class Fields {
 public:
  Fields(base::Yaml map, base::Diagnostics& problems) : map_(std::move(map)), problems_(problems) {}

  base::Yaml operator[](std::string_view key) const { return map_[key]; }
  bool has(std::string_view key) const { return static_cast<bool>(map_[key]); }

  // An error when it is missing, empty or no text.
  std::optional<std::string> required_text(const std::string& key, const std::string& hint) const;
  // The others are optional: what is missing is empty, what has the wrong type is a warning too.
  std::string text(const std::string& key) const;
  std::vector<std::string> texts(const std::string& key) const;  // a list, or one lone text
  std::optional<double> number(const std::string& key) const;
  Fields map(const std::string& key) const;
  Fields inside(const base::Yaml& member) const { return Fields(member, problems_); }
  std::vector<base::Yaml> maps(const std::string& key) const;  // of a list of maps

  void warn(const base::Yaml& at, std::string code, std::string message,
            std::string hint = {}) const;

 private:
  void wrong_type(const base::Yaml& at, const std::string& key, const char* wanted) const;

  base::Yaml map_;
  base::Diagnostics& problems_;
};

}  // namespace escudo::rules
