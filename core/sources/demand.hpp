#pragma once
// Demand: what somebody who reads a source wants of its events, so that the source need not decode
// the rest. Without one a source gives everything.
//
// A source may honour it or not: whoever reads must still decide about each event itself. Only
// columns that were asked for may be read; the others may stand there empty.
//
// Threads: a Demand is asked by the one thread that reads the source.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "event/event.hpp"

namespace escudo::sources {

class Demand {
 public:
  virtual ~Demand() = default;

  // True when interest() would always say `event`, and columns() looks at the schema alone.
  virtual bool takes_every_kind() const { return false; }

  enum class Interest {
    none,  // as if it were not there
    time,  // passed over, but its time counts for the latest of the run
    event,
  };
  // Whether an event of this channel, provider and id can be wanted at all. `header` has these
  // members and no columns. Asked once for each kind of event; what is passed over is counted.
  virtual Interest interest(const event::Event& header) = 0;

  // Of events with this schema: which columns may be looked at, and whether `raw` may. `shape` has
  // the members that interest() was given and the schema, but no values. Asked for each shape and
  // each channel, provider and id it occurs with; a source may ask again.
  struct Sought {
    std::uint16_t slot = 0;
    std::string literal;  // ASCII, in lower case
  };
  struct Columns {
    std::vector<bool> read;
    bool raw = false;
    Interest interest = Interest::event;  // in events of this shape at all
    // When there are some: an event in which no slot contains its literal, in letters of any case, is
    // passed over for its time alone.
    std::vector<Sought> one_of;
    bool members = true;  // whether channel, provider, ids and time are looked at
  };
  virtual Columns columns(const event::Event& shape) = 0;
};

}  // namespace escudo::sources
