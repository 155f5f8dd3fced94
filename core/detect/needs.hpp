#pragma once
// Needs: which events, and which of their fields, the rules of a book can look at: told to a source
// that need not decode the rest.
//
// Never less than Matcher looks at: what is passed over would have matched no feed. One a thread; the
// book must outlive it. The origin is that of every file of the run, as far as rules see it: source,
// sourcetype and host.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/arena.hpp"
#include "detect/rule_book.hpp"
#include "event/event.hpp"

namespace escudo::detect {

class Needs {
 public:
  Needs(const RuleBook& book, event::Origin origin);

  // By channel, provider and event id alone: whether some feed may admit such an event.
  bool wants(const event::Event& header);

  // Of events of this shape (members and schema): which columns may be read, by slot, and whether the
  // raw text may. None when no feed admits them.
  struct Sought {
    std::uint16_t slot = 0;
    std::string literal;   // ASCII, in lower case
  };
  struct Columns {
    std::vector<bool> read;
    bool raw = false;
    // When there are some: no feed admits an event in which no slot contains its literal, in letters of
    // any case.
    std::vector<Sought> one_of;
  };
  std::optional<Columns> columns(const event::Event& shape);

 private:
  using Known = std::unordered_map<match::FeatureId, std::unique_ptr<const cim::Recipe>>;
  match::Condition left_of(const Feed& feed, const cim::Kind& kind, const event::Schema& schema,
                           const event::Event& event, Known& recipes);
  std::optional<std::vector<Sought>> sought_by(const match::Condition& left, const event::Schema& schema, const Known& recipes) const;
  std::optional<std::vector<Sought>> sought_by(const match::Predicate& predicate, const event::Schema& schema, const Known& recipes) const;

  const RuleBook& book_;
  const event::Origin origin_;
  const event::Schema* every_field_;  // that maps or predicates know
  std::vector<std::optional<bool>> wanted_kinds_;
  base::Arena scratch_{16 * 1024};
};

}  // namespace escudo::detect
