#pragma once
// The texts of benchmark logs: pools of paths, command lines, keys, scripts and the like, put
// together from small parts. Nothing in them but the two "matching_" pools can satisfy the first
// detection.

#include <map>
#include <string>
#include <vector>

namespace escudo::writer {

class Random;

std::map<std::string, std::vector<std::string>> make_vocabulary(Random& random);

}  // namespace escudo::writer
