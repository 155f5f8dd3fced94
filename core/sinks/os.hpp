#pragma once
// What differs between operating systems when bytes go out. Private to sinks.

#include <string>

#include "base/result.hpp"

namespace escudo::sinks::os {

// Standard output passes bytes as they are.
void make_stdout_binary();
// `from` is on disk, then takes the place of `to` in one step.
base::Result<void> move_into_place(const std::string& from, const std::string& to);

}  // namespace escudo::sinks::os
