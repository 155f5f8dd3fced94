#pragma once
// The number people call a record by: its EventRecordID; without one, the id of its header; without
// that, its place in the file.

#include "event/event.hpp"

namespace escudo::event {

inline std::uint64_t number_of(const Event& event) {
  return event.record_id ? event.record_id : event.header_id ? event.header_id : event.ordinal;
}

}  // namespace escudo::event
