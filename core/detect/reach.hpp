#pragma once
// Reach: which of the events Escudo can read may pass a base search, told from the maps alone: what
// a kind of event always says of itself (its data models, source, sourcetype, constant and absent
// fields) against the filter. Never says no to an event that could pass.
//
// The maps must outlive it. Immutable after construction, thread-safe.

#include <string>
#include <vector>

#include "cim/maps.hpp"
#include "event/schema.hpp"
#include "spl/plan.hpp"

namespace escudo::detect {

struct Reached {
  std::string channel;            // "" for events of any channel
  std::vector<std::int32_t> ids;  // sorted; empty: any
};

// What is asked for and never there.
struct Missing {
  std::string term;  // as the search writes it
  base::Span span;   // in the expanded text
};

class Reach {
 public:
  explicit Reach(const cim::Maps& maps);

  // Sorted by channel; empty when no event can pass.
  std::vector<Reached> of(const spl::Feed& feed) const;
  bool possible(const spl::Feed& feed) const;
  // Where nothing passes: what is asked for that no event has, "All_Changes.change_type=EC2".
  Missing missing(const spl::Feed& feed) const;
  // The first field of a grouping without fillnull_value that no event of the dataset has: every
  // row would be dropped. "" when there is none.
  std::string never_there(const spl::Tstats& tstats, const spl::Feed& feed) const;

 private:
  struct Probe;
  bool may_pass(const cim::Kind& kind, const spl::SearchExpr& filter, cim::DatasetId dataset) const;

  const cim::Maps& maps_;
  const event::Schema* all_;      // every raw field the maps know
  const event::Schema* nothing_;  // none
};

}  // namespace escudo::detect
