#pragma once
// What the labels of a rendered message are called in the event's XML: "Subject:" … "Account Name:"
// is SubjectUserName. So one set of maps serves both renderings. Pure, thread-safe.

#include <string_view>

namespace escudo::sources {

struct LabelName {
  std::string_view name;   // empty: none is known
  bool goes_on = false;    // lines behind it that are no label of their own belong to it
  std::string_view until;  // such a value ends with a line that contains this, not before
};

// `section`: the heading the label stands under, without its colon.
LabelName xml_name(std::string_view section, std::string_view label);

// The code that stands in the XML for a text of the message, else the text: "Value Added" is
// %%14674.
std::string_view xml_value(std::string_view name, std::string_view text);

}  // namespace escudo::sources
