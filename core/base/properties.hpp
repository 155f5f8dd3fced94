#pragma once
// Properties files: a line is KEY = VALUE; '#' begins a comment line. Pure.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace escudo::base {

// Appends the pairs in their order. Fails at the first line that is none, with its number.
Result<void> read_properties(std::string_view text, std::vector<std::pair<std::string, std::string>>& out);

}  // namespace escudo::base
