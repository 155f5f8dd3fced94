#pragma once
// Binding: field name or formula -> Node, for one kind and one schema.

#include "cim/kind.hpp"
#include "cim/node.hpp"

namespace escudo::cim {

// The add-on layer's `field`: the kind's formula, a synthesised field, or the raw columns.
NodePtr bind_field(const Kind& kind, const event::Schema& schema, event::FieldId field);
// A formula over add-on fields.
NodePtr bind_formula(const Kind& kind, const event::Schema& schema, const Formula& formula);
// `node`, or `fallback` (borrowed) when it has no value.
NodePtr with_fallback(NodePtr node, std::string_view fallback);

}  // namespace escudo::cim
