#pragma once
// Planning the search of a `map` before the values of its $field$ tokens are known: a stand-in takes
// their place, and what is planned is then widened to all that the search can ask for with any values.
// Pure functions.

#include <string>
#include <vector>

#include "spl/plan.hpp"

namespace escudo::spl {

// Texts that may stand for the tokens of a search, the first that can be planned is the best. A word
// and a number that do not occur in `text`, for some places take only one of them; then those that
// a dry build of `map` tries.
std::vector<std::string> stand_ins(const std::string& text);
// The search of a map with a stand-in for each of its tokens, as `map` itself puts values there.
std::string with_stand_in(const std::string& search, const std::string& stand_in);

// A feed of such a plan: it admits every event that the search may ask for, whatever the values, and
// carries all that may be read of them, its filter included. An empty stand-in stands nowhere.
void widen(Feed& feed, const std::string& stand_in);
void widen(FieldNeeds& needs, const std::string& stand_in);

}  // namespace escudo::spl
