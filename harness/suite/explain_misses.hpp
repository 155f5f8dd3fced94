#pragma once
// explain_misses: why a search finds nothing in its test's data, told by the stage and term that
// lose the events. Reads the datasets of those tests again, each once for all of them that see the
// same.

#include <atomic>

#include "harness/suite/readings.hpp"

namespace escudo::harness {

// Fills the detail of "no-findings" failures of the first `most` misses. `stop` may be null.
void explain_misses(const Suite& suite, const Readings& plan, const sources::OpenOptions& open,
                    std::size_t most, const std::atomic<bool>* stop, Report& report);

}  // namespace escudo::harness
