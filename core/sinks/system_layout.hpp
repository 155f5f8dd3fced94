#pragma once
// How the System section of a Windows event is laid out: which of our field names is which element or
// attribute. One table for both directions of the dump.

#include <span>
#include <string_view>
#include <vector>

#include "event/event.hpp"

namespace escudo::sinks {

struct SystemAttribute {
  std::string_view name;    // in the XML
  std::string_view field;   // ours
};
struct SystemElement {
  std::string_view name;
  std::string_view field;   // its text; empty: attributes only
  std::vector<SystemAttribute> attributes;
};

std::span<const SystemElement> system_layout();
// The value of a System field, passing over EventData fields of the same name.
std::string_view system_value(const event::Event& event, std::string_view field);

}  // namespace escudo::sinks
