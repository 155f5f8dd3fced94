#pragma once
// Upper and lower case of the alphabets that names on computers are written in: ASCII, Latin-1,
// Latin Extended-A, Greek, Cyrillic, Armenian. One letter becomes one letter; what is not UTF-8
// stays.

#include <string>
#include <string_view>

namespace escudo::pipeline {

std::string upper_case(std::string_view utf8);
std::string lower_case(std::string_view utf8);

}  // namespace escudo::pipeline
