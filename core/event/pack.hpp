#pragma once
// A Value as bytes and back (base/pack.hpp).

#include "base/pack.hpp"
#include "event/value.hpp"

namespace escudo::event {

void pack(base::Packer& out, const Value& value);
Value unpack_value(base::Unpacker& in);   // null after damage

}  // namespace escudo::event
