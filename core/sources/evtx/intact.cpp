// Tested by tests/unit/sources/evtx_native.cpp and tests/unit/sources/evtx.cpp.

#include "sources/evtx/intact.hpp"

namespace escudo::sources {

bool is_intact(const event::Event& event) {
  if (event.provider.empty() || event.event_id < 0 || !event.has_time) return false;
  bool body = false;
  for (const event::Column& column : event.schema->columns()) {
    for (char c : event::name_of(column.written)) {
      if (static_cast<unsigned char>(c) >= 0x80) return false;  // bytes of something else
    }
    body = body || column.section != event::Section::system;
  }
  return body;
}

}  // namespace escudo::sources
