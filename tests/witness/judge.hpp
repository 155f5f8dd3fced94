#pragma once
// Judge: what one search says of made events. It asks the plain interpreter (tests/twins); the
// engine, which is under test, has no say in which events are a witness.
//
// One thread. Knowledge and plan must outlive it.

#include <set>
#include <string>
#include <vector>

#include "maker.hpp"
#include "runtime/knowledge.hpp"
#include "twin/twin.hpp"

namespace escudo::witness {

struct Opinion {
  bool knows = false;     // false: the interpreter could not run the search
  bool found = false;     // some row comes of an event
  bool filled = false;    // such a row fills every field that risk, threats and message name
  bool complete = false;  // and every column of the search
  std::string missing;    // columns that the best row leaves empty
};

class Judge {
 public:
  Judge(const detect::CompiledRule& rule, const runtime::Knowledge& knowledge);

  Opinion of(const std::vector<Made>& events) const;
  // Fields that message, risk and threats name, as far as the search can have them.
  const std::set<std::string>& named() const { return named_; }
  // Rows after each command, for whoever wants to see where they get lost.
  std::string trace(const std::vector<Made>& events) const;

 private:
  twin::World world(const std::vector<Made>& events, std::vector<twin::Event>& decoded) const;

  const runtime::Knowledge& knowledge_;
  twin::Search search_;
  std::set<std::string> named_, columns_;  // fields the findings need; columns of the search
};

}  // namespace escudo::witness
