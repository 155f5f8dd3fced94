#pragma once
// Time buckets of tstats span, bin and timechart.

#include <cmath>

#include "base/timestamp.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

// Start of the bucket that `epoch` (seconds) lies in: multiples of the span since 1970, UTC; weeks
// begin where 1970-01-01 began, months at the first of the month.
double floor_time(double epoch, const spl::TimeSpan& span);
// Start of the bucket after the one that begins at `start`.
double next_time(double start, const spl::TimeSpan& span);
// The span that cuts first … last into at most `buckets` parts: the shortest of 1s 5s 10s 30s 1m 5m
// 10m 30m 1h 1d and whole months.
spl::TimeSpan span_for(double first, double last, int buckets);

}  // namespace escudo::pipeline
