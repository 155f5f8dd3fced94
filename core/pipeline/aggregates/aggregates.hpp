#pragma once
// The families of aggregates; each file makes those it knows and null for the rest.

#include "pipeline/accumulator.hpp"

namespace escudo::pipeline::aggregates {

using AccumulatorPtr = std::unique_ptr<Accumulator>;

AccumulatorPtr make_count(const spl::Aggregate&, const Limits&);       // count, dc
AccumulatorPtr make_extreme(const spl::Aggregate&, const Limits&);     // min, max, range
AccumulatorPtr make_numeric(const spl::Aggregate&, const Limits&);     // sum, avg, sumsq, stdev(p), var(p)
AccumulatorPtr make_percentile(const spl::Aggregate&, const Limits&);  // percN, exactpercN, median
AccumulatorPtr make_collection(const spl::Aggregate&, const Limits&);  // values, list, mode
AccumulatorPtr make_position(const spl::Aggregate&, const Limits&);    // first, last, earliest, latest …

}  // namespace escudo::pipeline::aggregates
