#pragma once
// Pieces of findings as JSON that several formats share. Private to sinks.

#include "base/json.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {

// The row's cells as one object: null, number, text, or a list of texts for a multivalue.
void write_fields(base::JsonWriter& json, const findings::Finding& finding);

}  // namespace escudo::sinks
