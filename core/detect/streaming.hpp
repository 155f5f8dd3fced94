#pragma once
// How a rule runs over events that never end.
//
//   monotone  more events can only add rows or raise count, min, max, values of a group: the search
//             never ends, each event is told at once
//   windowed  everything else: the search runs over its schedule's window, again and again
//
// A search is monotone when it reads one feed of events, passes events one by one (eval, rex, where, lookup …)
// into at most one stats or tstats, and after that asks only what the group's key decides: never the
// clock, never an aggregate. The columns of the key must reach the result, for they are the finding's
// name; without a grouping the columns of the result must be known.
//
// Pure functions.

#include <string>

#include "detect/rule_book.hpp"

namespace escudo::detect {

struct Streaming {
  bool monotone = false;
  bool grouped = false;   // of a monotone search: it has a stats or tstats
  std::string because;    // of a windowed search: the first thing that forbids more, "where asks count"
};

// Of an executable rule.
Streaming streaming_of(const CompiledRule& rule);
// The same in words: "monotone", or "windowed [-70m@m, -10m@m) at 0 * * * *: where asks count".
std::string streaming_text(const CompiledRule& rule);

}  // namespace escudo::detect
