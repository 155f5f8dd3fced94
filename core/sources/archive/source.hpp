#pragma once
// Archives and compressed files, one layer at a time: what is inside is looked at like any file.
// See docs/formats.md.

#include <memory>

#include "sources/reader.hpp"
#include "sources/sniff.hpp"

namespace escudo::sources {

std::unique_ptr<Source> open_archive(Job job, Format format);

}  // namespace escudo::sources
