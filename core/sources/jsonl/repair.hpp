#pragma once
// Almost JSON -> JSON. Pure, thread-safe.

#include <string>
#include <string_view>

namespace escudo::sources {

// What exporters get wrong and no value is worth losing for: control characters within strings are
// escaped, bytes that are not UTF-8 and lone surrogates become U+FFFD, numbers too long for 64 bits
// become strings.
std::string repair_json(std::string_view text);

}  // namespace escudo::sources
