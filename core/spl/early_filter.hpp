#pragma once
// EarlyFilter: what a search asks of its events only after it has grouped them, as far as one event
// alone can answer it. `tstats … by Processes.process_name | search process_name=x.exe` need not group
// the others at all.
//
// The filter is a pipeline of row-wise commands over some fields of one event. No row left: whatever
// the search would make of the event, it would drop again before anything counts its rows. A row
// left says nothing: the search still asks everything itself.
//
// Pure function of the plan.

#include <memory>
#include <string>
#include <vector>

#include "spl/plan.hpp"

namespace escudo::spl {

struct EarlyFilter {
  struct Field {
    std::string plain;     // of the feed
    std::string written;   // as the commands name it
  };
  std::vector<Field> fields;
  Pipeline commands;
};

// For a pipeline that reads a feed. Null when nothing can be asked early.
std::shared_ptr<const EarlyFilter> early_filter(const Plan& plan, const PlannedPipeline& pipeline);

}  // namespace escudo::spl
