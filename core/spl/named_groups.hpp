#pragma once
// The names a regular expression gives to its groups, without compiling it. Pure function.

#include <string>
#include <string_view>
#include <vector>

namespace escudo::spl {

// In order of their first parenthesis, each once: (?<name>…), (?'name'…), (?P<name>…). Of a pattern
// that PCRE2 takes these are exactly its names; of another one whatever looks like some.
std::vector<std::string> named_groups(std::string_view pattern);

}  // namespace escudo::spl
