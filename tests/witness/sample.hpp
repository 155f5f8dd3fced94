#pragma once
// Texts made to order: one that a regular expression finds, one that fits several wildcards at
// once. What comes out is a proposal; whoever asks checks it.

#include <map>
#include <random>
#include <string>
#include <vector>

namespace escudo::witness {

using Random = std::mt19937;

// A text that contains a match of `pattern`. Look-arounds and conditions are passed over. `groups`:
// what named groups are to be, whatever stands in them.
std::string text_found_by(const std::string& pattern, Random& random,
                          const std::map<std::string, std::string>& groups = {});

// Texts that may fit all of the wildcards: an exact one as it is, else beginnings, middles and ends
// put together in several ways.
std::vector<std::string> texts_for(const std::vector<std::string>& wildcards);

}  // namespace escudo::witness
