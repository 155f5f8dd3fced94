#pragma once
// Event descriptions: YAML a person writes, README.md tells the keys. Throws std::runtime_error
// with file and line when a description is wrong.

#include <string>
#include <vector>

#include "describe/event.hpp"

namespace escudo::writer {

std::vector<Event> read_description(const std::string& path);

}  // namespace escudo::writer
