#pragma once
// Time buckets of tstats span, bin and timechart.

#include <cmath>

#include "base/timestamp.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

// Start of the bucket that `epoch` (seconds) lies in: multiples of the span since 1970, UTC; weeks begin
// where 1970-01-01 began, months at the first of the month.
double floor_time(double epoch, const spl::TimeSpan& span);

}  // namespace escudo::pipeline
