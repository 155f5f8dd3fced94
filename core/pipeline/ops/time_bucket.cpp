#include "pipeline/ops/time_bucket.hpp"

#include <algorithm>
#include <chrono>

namespace escudo::pipeline {

double floor_time(double epoch, const spl::TimeSpan& span) {
  if (span.months > 0) {
    using namespace std::chrono;
    const base::Time t = base::from_epoch_seconds(epoch);
    const year_month_day day{floor<days>(t)};
    const int index = static_cast<int>(day.year()) * 12 +
                      static_cast<int>(static_cast<unsigned>(day.month())) - 1;
    const int start = index - ((index % span.months) + span.months) % span.months;
    const int y = start >= 0 ? start / 12 : (start - 11) / 12;
    const sys_days first{year{y} / month{static_cast<unsigned>(start - y * 12 + 1)} / 1};
    return base::to_epoch_seconds(time_point_cast<base::Duration>(first));
  }
  if (span.microseconds <= 0) return epoch;
  if (span.microseconds % 1'000'000 != 0) {  // parts of a second are not exact as binary fractions
    const double micros = std::round(epoch * 1e6), size = static_cast<double>(span.microseconds);
    return std::floor(micros / size) * size / 1e6;
  }
  const double size = static_cast<double>(span.microseconds) / 1e6;
  return std::floor(epoch / size) * size;
}

double next_time(double start, const spl::TimeSpan& span) {
  // The longest months overshoot by less than one span.
  if (span.months > 0) return floor_time(start + span.months * 31 * 86400.0, span);
  return start + static_cast<double>(span.microseconds) / 1e6;
}

spl::TimeSpan span_for(double first, double last, int buckets) {
  const double range = std::max(last - first, 0.0);
  const double parts = std::max(buckets, 1);
  for (const double seconds : {1, 5, 10, 30, 60, 300, 600, 1800, 3600, 86400})
    if (std::floor(range / seconds) + 1 <= parts)
      return {static_cast<std::int64_t>(seconds * 1e6), 0};
  // Half a year as a month's bound keeps this true for any range a clock can show.
  int months = 1;
  while (range / (months * 28 * 86400.0) + 1 > parts && months < 12'000) ++months;
  return {0, months};
}

}  // namespace escudo::pipeline
