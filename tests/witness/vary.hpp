#pragma once
// Vary: events like one that is there but for some of their values, so that aggregates count them
// apart, group them apart, or both.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "demands.hpp"
#include "maker.hpp"
#include "stages.hpp"

namespace escudo::witness {

// The fields of a demand's events whose values an aggregate tells apart, those that are grouped by,
// and those that whole populations are grouped by (eventstats).
struct Roles {
  std::set<std::string> counted, keys, apart;

  Roles(const Demand& demand, const catalog::Catalog& catalog);
};

enum class Vary { nothing, counted, not_keys, everything, keys };

class Varier {
 public:
  // `atoms` are what the event was made from; all must outlive it.
  Varier(Maker& maker, const Made& event, const Demand& demand, const std::vector<Atom>& atoms,
         const Roles& roles, const catalog::Catalog& catalog);

  // Number k of the family; 0 is the event itself. Its new values are `filling` letters longer.
  Made operator()(std::size_t k, Vary what, std::size_t filling = 0);

 private:
  std::string form(const std::string& old, std::size_t which, const std::string& more) const;
  bool as_good(const Made& event, const std::string& field) const;

  Maker& maker_;
  const Made& event_;
  const Demand& demand_;
  const std::vector<Atom>& atoms_;
  const Roles& roles_;
  Stages stages_;
  std::size_t reached_ = 0;
  std::map<std::pair<std::string, bool>, std::size_t>
      forms_;  // of a column: the one that does no harm
};

}  // namespace escudo::witness
