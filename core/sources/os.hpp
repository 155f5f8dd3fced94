#pragma once
// The few things reading needs that standard C++ cannot do; one implementation a platform.

#include <cstddef>

#include "base/result.hpp"
#include "base/temporary_file.hpp"

namespace escudo::sources {

using base::TemporaryFile;

// Reads standard input as bytes. 0 at its end; fails with a sentence.
base::Result<std::size_t> read_standard_input(char* to, std::size_t size);

}  // namespace escudo::sources
