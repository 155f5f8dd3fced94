#pragma once
// Demands: what each base search of a rule wants of its events, its joins, appends and maps
// included.

#include <set>
#include <string>
#include <vector>

#include "atoms.hpp"
#include "detect/rule_book.hpp"
#include "goals.hpp"
#include "maker.hpp"
#include "runtime/knowledge.hpp"

namespace escudo::witness {

// One base search of a rule and what is asked of its events.
struct Demand {
  const spl::Feed* feed = nullptr;
  cim::DatasetId dataset;
  std::vector<Atom> atoms;
  std::set<std::string> needed;
  const spl::Pipeline* pipeline = nullptr;  // the commands behind, from `first` on
  std::size_t first = 0;
  std::set<std::string> columns;  // to have a value in the end, where that is known
  // Fields of its events that must equal one of an earlier demand's events: what a join compares.
  struct Link {
    std::size_t demand = 0;
    std::string theirs, ours;
  };
  std::vector<Link> links;
};

// The field of the feed's events behind a name that rows have before command `end`; "" when there
// is none, because it is computed.
std::string field_behind(const spl::Pipeline& pipeline, std::size_t first, std::size_t end,
                         const spl::Feed& feed, const catalog::Catalog& catalog,
                         const std::string& name);

// Constants that computed fields are compared with go to `numbers`. `random` chooses between
// alternatives (the first, when it is null); with `filter_only` the commands behind are passed
// over.
std::vector<Demand> demands_of(const detect::CompiledRule& rule,
                               const runtime::Knowledge& knowledge, Random* random,
                               bool filter_only, std::vector<double>& numbers);

}  // namespace escudo::witness
