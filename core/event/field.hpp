#pragma once
// FieldId: the name of a field, interned. Names are case-sensitive, as in Splunk.
//
// The table lives as long as the process and only grows; what hostile input can add is bounded by
// the readers (sources cap the fields of one event and the number of distinct names). All functions
// are thread-safe; name_of() is valid forever.

#include <cstdint>
#include <functional>
#include <string_view>

namespace escudo::event {

struct FieldId {
  std::uint32_t index = 0;  // 0 is "no field"
  bool operator==(const FieldId&) const = default;
  auto operator<=>(const FieldId&) const = default;
  explicit operator bool() const { return index != 0; }
};

FieldId intern(std::string_view name);      // of an empty name: FieldId{}
FieldId find_field(std::string_view name);  // FieldId{} when nobody has interned it yet
std::string_view name_of(FieldId field);
std::uint32_t field_count();                // ids are below this

}  // namespace escudo::event

template <>
struct std::hash<escudo::event::FieldId> {
  std::size_t operator()(escudo::event::FieldId f) const noexcept {
    return static_cast<std::size_t>(f.index * 0x9E3779B97F4A7C15ull);
  }
};
