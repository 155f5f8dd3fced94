#include "rules/fields.hpp"

#include "base/text.hpp"

namespace escudo::rules {
namespace {

const char* kind_of(const base::Yaml& node) {
  if (node.is_map()) return "a map";
  if (node.is_list()) return "a list";
  return "text";
}

std::string wrong(const base::Yaml& at, const std::string& key, const char* wanted) {
  return "`" + key + "` must be " + wanted + ", not " + kind_of(at);
}

}  // namespace

std::optional<std::string> Fields::required_text(const std::string& key,
                                                 const std::string& hint) const {
  const base::Yaml value = map_[key];
  if (value.is_scalar() && !base::trim(value.text()).empty()) return value.text();
  if (value && !value.is_scalar()) {
    problems_.push_back(value.complain("wrong-type", wrong(value, key, "text"), hint));
    return {};
  }
  if (const base::Yaml at = value.key()) {
    problems_.push_back(at.complain("missing-" + key, "`" + key + "` is empty", hint));
    return {};
  }
  std::vector<std::string> keys;
  for (const auto& [name, node] : map_.members()) keys.push_back(name);
  if (const std::string near = base::nearest(key, keys); !near.empty()) {
    problems_.push_back(map_[near].key().complain("missing-" + key,
                                                  "the detection has no `" + key + "`",
                                                  "is `" + near + "` a misspelling of it?"));
  } else {
    problems_.push_back(
        map_.complain("missing-" + key, "the detection has no `" + key + "`", hint));
  }
  return {};
}

std::string Fields::text(const std::string& key) const {
  const base::Yaml value = map_[key];
  if (value && !value.is_scalar()) wrong_type(value, key, "text");
  return std::string(base::trim(value.text()));
}

std::vector<std::string> Fields::texts(const std::string& key) const {
  const base::Yaml value = map_[key];
  if (value.is_map()) wrong_type(value, key, "a list of texts");
  std::vector<std::string> out;
  for (const base::Yaml& item : value.items()) {
    if (item && !item.is_scalar()) {
      wrong_type(item, key, "a list of texts");
    } else if (std::string text(base::trim(item.text())); !text.empty()) {
      out.push_back(std::move(text));
    }
  }
  return out;
}

std::optional<double> Fields::number(const std::string& key) const {
  const base::Yaml value = map_[key];
  if (!value) return {};
  const auto number = value.number();
  if (!number) wrong_type(value, key, "a number");
  return number;
}

Fields Fields::map(const std::string& key) const {
  const base::Yaml value = map_[key];
  if (value && !value.is_map()) wrong_type(value, key, "a map");
  return Fields(value.is_map() ? value : base::Yaml(), problems_);
}

std::vector<base::Yaml> Fields::maps(const std::string& key) const {
  const base::Yaml value = map_[key];
  std::vector<base::Yaml> out;
  if (value && !value.is_list()) wrong_type(value, key, "a list of maps");
  if (!value.is_list()) return out;
  for (const base::Yaml& item : value.items()) {
    if (item.is_map()) {
      out.push_back(item);
    } else if (item) {
      wrong_type(item, key, "a list of maps");
    }
  }
  return out;
}

void Fields::warn(const base::Yaml& at, std::string code, std::string message,
                  std::string hint) const {
  problems_.push_back(at.complain(std::move(code), std::move(message), std::move(hint)));
  problems_.back().severity = base::Severity::warning;
}

void Fields::wrong_type(const base::Yaml& at, const std::string& key, const char* wanted) const {
  warn(at, "wrong-type", wrong(at, key, wanted), "it is ignored");
}

}  // namespace escudo::rules
