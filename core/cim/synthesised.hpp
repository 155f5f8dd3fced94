#pragma once
// Fields that no log writes but every Splunk event has: _time, _raw, host, source, sourcetype,
// index …

#include "cim/kind.hpp"
#include "cim/node.hpp"

namespace escudo::cim {

// The field as Splunk makes it when the maps say nothing of it; nullptr for ordinary fields.
NodePtr synthesised(const Kind& kind, const event::Schema& schema, event::FieldId field);

// source, sourcetype and host: the origin's own value comes first when the caller set one.
bool is_origin_field(event::FieldId field);
NodePtr with_origin(event::FieldId field, NodePtr made);

// The raw columns of `field`.
NodePtr raw_column(const event::Schema& schema, event::FieldId field);

// Names of all synthesised fields.
std::span<const std::string_view> synthesised_names();

}  // namespace escudo::cim
