#pragma once
// Layouts: how the events made for the demands of a rule are laid out in time and number, so that
// thresholds, joins, transactions and outliers have what they ask for.

#include <vector>

#include "demands.hpp"
#include "maker.hpp"

namespace escudo::witness {

// One event and the demand it was made for.
struct Piece {
  Made event;
  std::size_t demand = 0;
  std::set<std::string> wanted;  // fields that the commands behind want something of
};

// Another event for the only demand there is, and what it was made from.
struct Alternative {
  Made event;
  std::vector<Atom> atoms;
};

struct Layouts {
  Maker& maker;
  const catalog::Catalog& catalog;
  const std::vector<Demand>& demands;
  const std::vector<double>& numbers;  // that counts are compared with
  const std::vector<Alternative>& alternatives;

  // The plain ways first.
  std::vector<std::vector<Made>> of(const std::vector<Piece>& pieces) const;
};

}  // namespace escudo::witness
