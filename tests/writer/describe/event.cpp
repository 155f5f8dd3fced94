#include "describe/event.hpp"

namespace escudo::writer {

const Datum* Event::find(std::string_view name) const {
  for (const Datum& d : data) {
    if (d.name == name) return &d;
  }
  return nullptr;
}

std::string Event::message() const {
  std::string out = title;
  for (const Datum& d : data) {
    out += out.empty() ? "" : "\r\n";
    out += d.name.empty() ? d.value.text() : d.name + ": " + d.value.text();
  }
  return out;
}

}  // namespace escudo::writer
