#pragma once
// Secrets of a sink. Private to sinks.

#include <string>
#include <string_view>

#include "base/spec.hpp"

namespace escudo::sinks {

// The first line of the file `<key>_file`, or the environment variable `<key>_env`, or the variable
// `otherwise`; "" when none is given. Given in the spec itself it is refused: arguments are seen by
// every process.
base::Result<std::string> secret(base::Spec& spec, std::string_view key, const char* otherwise);

}  // namespace escudo::sinks
