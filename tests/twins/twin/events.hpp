#pragma once
// Records as the twin sees them: fully decoded, every field of the record, of its add-on and of each
// data model it belongs to.

#include <string>
#include <vector>

#include "cim/maps.hpp"
#include "event/event.hpp"
#include "twin.hpp"

namespace escudo::twin {

// Appends the events of a batch; their numbers go on from the size of `out`. Copies everything.
void decode(const event::Batch& batch, const cim::Maps& maps, std::vector<Event>& out);

}  // namespace escudo::twin
