#include "pipeline/ops/time_bucket.hpp"

#include <chrono>

namespace escudo::pipeline {

double floor_time(double epoch, const spl::TimeSpan& span) {
  if (span.months > 0) {
    using namespace std::chrono;
    const base::Time t = base::from_epoch_seconds(epoch);
    const year_month_day day{floor<days>(t)};
    const int index = static_cast<int>(day.year()) * 12 + static_cast<int>(static_cast<unsigned>(day.month())) - 1;
    const int start = index - ((index % span.months) + span.months) % span.months;
    const int y = start >= 0 ? start / 12 : (start - 11) / 12;
    const sys_days first{year{y} / month{static_cast<unsigned>(start - y * 12 + 1)} / 1};
    return base::to_epoch_seconds(time_point_cast<base::Duration>(first));
  }
  if (span.microseconds <= 0) return epoch;
  const double size = static_cast<double>(span.microseconds) / 1e6;
  return std::floor(epoch / size) * size;
}

}  // namespace escudo::pipeline
