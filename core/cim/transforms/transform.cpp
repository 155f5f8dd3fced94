#include "cim/transforms/transform.hpp"

#include <map>

namespace escudo::cim {
namespace {

std::map<std::string_view, const Transform*> collect() {
  std::map<std::string_view, const Transform*> all;
  for (auto group : {text_transforms(), condition_transforms(), path_transforms(),
                     command_line_transforms(), registry_transforms(), record_transforms()}) {
    for (const Transform& transform : group) all.emplace(transform.name, &transform);
  }
  return all;
}

const std::map<std::string_view, const Transform*>& all_transforms() {
  static const auto all = collect();
  return all;
}

constexpr std::string_view truth_value[] = {"true"};

}  // namespace

const Transform* find_transform(std::string_view name) {
  const auto& all = all_transforms();
  auto it = all.find(name);
  return it == all.end() ? nullptr : it->second;
}

std::vector<std::string_view> transform_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, transform] : all_transforms()) names.push_back(name);
  return names;
}

FieldValues one(std::string_view value, base::Arena& scratch) {
  if (value.empty()) return {};
  auto out = scratch.array<std::string_view>(1);
  out[0] = value;
  return out;
}

FieldValues truth(bool holds) { return holds ? FieldValues(truth_value) : FieldValues{}; }

}  // namespace escudo::cim
