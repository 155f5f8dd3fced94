// timechart: a row for each bucket of time, empty ones between included (unless cont=false), a
// column for each series. Without a span the range of the rows decides, in steps as people count.
// Holds all rows.
#include "pipeline/ops/pivot.hpp"
#include "pipeline/ops/time_bucket.hpp"

namespace escudo::pipeline {
namespace {

constexpr std::size_t kMostBuckets = 50'000;  // Splunk's limit for the rows of a chart

void fill_gaps(Table& chart, const Pivot& pivot, const spl::TimeSpan& span,
               const Context& context) {
  std::vector<Row> out;
  for (Row& row : chart.rows) {
    const double time = *row.cells[0].number();
    if (!out.empty())
      for (double t = next_time(*out.back().cells[0].number(), span); t < time - 1e-6;
           t = next_time(t, span)) {
        if (out.size() >= kMostBuckets) {
          context.say("timechart: empty buckets past the first 50,000 rows are not shown");
          break;
        }
        out.push_back({pivot.empty_row(Value(t)), {}});
      }
    out.push_back(std::move(row));
  }
  chart.rows = std::move(out);
}

}  // namespace

OperatorPtr make_timechart(const spl::Timechart& verb, const Build& build) {
  auto pivot = std::make_shared<Pivot>();
  if (!pivot->prepare(
          verb.aggregates,
          {verb.by, verb.limit, verb.use_other, verb.use_null, verb.other_name, verb.null_name},
          build))
    return nullptr;
  return whole_table([pivot, verb, context = &build.context](Table& rows) {
    const std::size_t time_column = rows.find("_time");
    spl::TimeSpan span;
    if (verb.span) {
      span = *verb.span;
    } else {
      std::optional<double> first, last;
      for (const Row& row : rows.rows)
        if (const auto t = time_of(rows, time_column, row)) {
          first = first ? std::min(*first, *t) : *t;
          last = last ? std::max(*last, *t) : *t;
        }
      span = span_for(first.value_or(0), last.value_or(0), verb.bins);
    }
    rows = pivot->make(rows, "_time", [&](const Row& row) -> std::optional<Value> {
      const auto t = time_of(rows, time_column, row);
      return t ? std::optional(Value(floor_time(*t, span))) : std::nullopt;
    });
    if (verb.cont) fill_gaps(rows, *pivot, span, *context);
  });
}

}  // namespace escudo::pipeline
