#pragma once
// EVTX files, through libevtx: its live records and, with OpenOptions::recover, those it finds in
// the space chunks do not use any more. See docs/formats.md.

#include <memory>

#include "sources/reader.hpp"

namespace escudo::sources {

std::unique_ptr<Source> open_evtx(Job job);

}  // namespace escudo::sources
