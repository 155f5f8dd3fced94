#pragma once
// Windows events as JSON: lines, arrays or objects one after the other, in the shapes of shape.hpp.
// See docs/formats.md.

#include <memory>

#include "sources/reader.hpp"

namespace escudo::sources {

// Whether the input holds events the first objects tell: without any it is not a log.
std::unique_ptr<Source> open_json(Job job);

}  // namespace escudo::sources
