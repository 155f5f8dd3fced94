#pragma once
// The native reader of EVTX: chunks into a small buffer, records by compiled templates, only what
// is wanted decoded. FORMAT.md beside this file describes the format and its oddities.

#include <memory>

#include "sources/reader.hpp"

namespace escudo::sources {

std::unique_ptr<Source> open_evtx_native(Job job);

}  // namespace escudo::sources
