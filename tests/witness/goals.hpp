#pragma once
// Goals: a pipeline walked from its end to its beginning, turning what its commands ask of computed
// fields (groups of a rex, outputs of a lookup, values of an eval, aggregates) into texts to try
// for the fields of the events. Hints only: whoever uses them checks what comes out.

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "catalog/catalog.hpp"
#include "sample.hpp"
#include "spl/plan.hpp"

namespace escudo::witness {

// Something a field should be.
struct Goal {
  enum class Kind { text, wildcard, pattern, length, present } kind = Kind::present;
  std::string text;
  bool operator<(const Goal& other) const {
    return std::tie(kind, text) < std::tie(other.kind, other.text);
  }
};

using Goals = std::map<std::string, std::vector<Goal>>;  // field of the event -> what to try

// How many kinds of event the aggregates tell apart by a condition of their own, as
// values(eval(if(type="old", value, null))) and a transaction's startswith and endswith do; at
// least 1.
std::size_t cases_of(const spl::Pipeline& pipeline);

// What the commands from `first` on want of an event that is to be case `which`. `columns` are to
// have a value in the end; `more` is wanted of the rows that come out. Between alternatives
// `random` chooses.
Goals goals_of(const spl::Pipeline& pipeline, std::size_t first, const spl::Feed& feed,
               const catalog::Catalog& catalog, const std::set<std::string>& columns,
               std::size_t which, Random& random, const std::map<std::string, Goal>& more = {});

// A text for one goal, "" when it wants none in particular.
std::string text_for(const Goal& goal, Random& random);

}  // namespace escudo::witness
