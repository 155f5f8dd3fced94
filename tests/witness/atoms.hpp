#pragma once
// Atoms: what a search asks of single fields, taken from its filter and from the conditions further
// on.

#include <functional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "sample.hpp"
#include "spl/plan.hpp"
#include "twin/filter.hpp"

namespace escudo::witness {

using twin::Texts;

struct Atom {
  std::string field;  // plain name; "_raw" for terms
  std::function<bool(const Texts&)> holds;
  std::vector<std::string> wildcards, patterns;  // hints: texts that make it true
  std::vector<std::string> texts;
  bool positive = true;  // it wants something to be there
  bool from_filter = true;
};

// One way to make a filter true: of alternatives `random` chooses (the first, when it is null).
void atoms_of(const spl::SearchExpr& expr, bool wanted, Random* random, std::vector<Atom>& out);

// The same for the commands behind a feed, as far as they ask of fields that come from its events.
// `numbers` gets the constants that computed fields are compared with.
// Keys of lookup tables are asked for as well, and the first branch of if() and case().
void atoms_of(const spl::Pipeline& pipeline, std::size_t first, const spl::Feed& feed,
              const catalog::Catalog& catalog, Random* random, std::vector<Atom>& out,
              std::vector<double>& numbers);

}  // namespace escudo::witness
