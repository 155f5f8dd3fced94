#pragma once
// Transform: one named function of the mapping language, from values to values.
//
// Pure: the result depends on the arguments alone and is made of views into them, of constants and
// of bytes in `scratch`. An absent field is an empty span; a condition holds when its result is not
// empty. Thread-safe. Each transform is written down in content/maps/README.md and tested in
// tests/unit/cim.

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"

namespace escudo::cim {

using FieldValues = std::span<const std::string_view>;
using Arguments = std::span<const FieldValues>;

struct Transform {
  std::string_view name;
  std::size_t least = 1;  // how many arguments it takes
  std::size_t most = 1;
  FieldValues (*apply)(Arguments arguments, base::Arena& scratch) = nullptr;
};

const Transform* find_transform(std::string_view name);  // nullptr when there is none
std::vector<std::string_view> transform_names();         // sorted

// One group a file.
std::span<const Transform> text_transforms();
std::span<const Transform> condition_transforms();
std::span<const Transform> path_transforms();
std::span<const Transform> command_line_transforms();
std::span<const Transform> registry_transforms();
std::span<const Transform> record_transforms();

// What transforms are written with.
inline constexpr std::size_t any_number = 64;
FieldValues one(std::string_view value, base::Arena& scratch);  // empty text gives no value
FieldValues truth(bool holds);                                  // "true" or nothing
inline std::string_view front(FieldValues values) {
  return values.empty() ? std::string_view{} : values.front();
}

// Applies `f` to each value; empty results are left out.
template <class F>
FieldValues each(FieldValues values, base::Arena& scratch, F f) {
  if (values.empty()) return {};
  auto out = scratch.array<std::string_view>(values.size());
  std::size_t kept = 0;
  for (std::string_view value : values) {
    std::string_view mapped = f(value);
    if (!mapped.empty()) out[kept++] = mapped;
  }
  return out.first(kept);
}

}  // namespace escudo::cim
