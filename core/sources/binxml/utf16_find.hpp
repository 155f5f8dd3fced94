#pragma once
// A literal looked for in UTF-16LE as it lies in a chunk, sixteen bytes at a step.
//
// Pure, thread-safe.

#include <string_view>

namespace escudo::sources {

// Whether the text contains `literal`, which is ASCII in lower case and not empty; ASCII letters of
// the text count in any case. An odd last byte is ignored.
bool utf16_contains(std::string_view utf16, std::string_view literal);

}  // namespace escudo::sources
