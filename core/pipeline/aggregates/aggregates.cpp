#include "pipeline/aggregates/aggregates.hpp"

namespace escudo::pipeline {

std::unique_ptr<Accumulator> make_accumulator(const spl::Aggregate& aggregate, const Limits& limits) {
  using namespace aggregates;
  for (auto make : {make_count, make_extreme, make_numeric, make_percentile, make_collection, make_position})
    if (auto out = make(aggregate, limits)) return out;
  return nullptr;
}

}  // namespace escudo::pipeline
