#pragma once
// Whether what was found outside the live records is an event: it has a provider, an id, a time and
// a body, and names that are names. Pure, thread-safe.

#include "event/event.hpp"

namespace escudo::sources {

bool is_intact(const event::Event& event);

}  // namespace escudo::sources
