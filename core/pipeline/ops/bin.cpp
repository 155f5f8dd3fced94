// bin (bucket): times fall to the start of their bucket, other numbers become ranges (10-20). With
// a span row by row; without one all rows are needed to find the range. What is not a number stays.
#include <cmath>

#include "base/json.hpp"
#include "pipeline/ops/ops.hpp"
#include "pipeline/ops/time_bucket.hpp"

namespace escudo::pipeline {
namespace {

// The smallest of 1, 2, 5, 10, 20 … (and 0.1, 0.2 …) that needs at most `bins` bins for the range.
double nice_span(double low, double high, int bins) {
  const double wanted = (high - low) / std::max(bins, 1);
  if (!(wanted > 0) || !std::isfinite(wanted)) return 1;
  double span = std::pow(10, std::floor(std::log10(wanted)));
  for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0})
    if (std::floor(high / (span * step)) - std::floor(low / (span * step)) + 1 <= bins)
      return span * step;
  return span * 50;
}

// start + k * span without the noise of binary fractions: 0.30000000000000004 is nobody's boundary.
std::string boundary(double value, double span) {
  const int digits =
      span < 1 ? std::min(15, static_cast<int>(std::ceil(-std::log10(span))) + 2) : 6;
  const double scale = std::pow(10, digits);
  const double rounded = std::round(value * scale) / scale;
  return base::number_text(std::isfinite(rounded) ? rounded : value);
}

template <class Change>
void change_numbers(Table& rows, const spl::Bin& verb, Change change) {
  // Also where no row has the field: the name given with AS is then empty.
  if (rows.find(verb.field) == Table::npos && rows.find(verb.output) == Table::npos) return;
  const std::size_t source = rows.add_column(verb.field);
  const std::size_t target = rows.add_column(verb.output);
  for (Row& row : rows.rows) {
    const auto n = row.cells[source].number();
    if (n)
      row.cells[target] = change(*n);
    else if (target != source)
      row.cells[target] = row.cells[source];
  }
}

void by_time(Table& rows, const spl::Bin& verb, const spl::TimeSpan& span) {
  change_numbers(rows, verb, [&](double n) { return Value(floor_time(n, span)); });
}

void by_number(Table& rows, const spl::Bin& verb, double span) {
  change_numbers(rows, verb, [&](double n) {
    const double low = std::floor(n / span + 1e-9) * span;  // 0.3 / 0.1 is a little less than 3
    return Value(boundary(low, span) + "-" + boundary(low + span, span));
  });
}

void by_range(Table& rows, const spl::Bin& verb) {
  const std::size_t column = rows.find(verb.field);
  std::optional<double> low = verb.start, high = verb.end;
  for (const Row& row : rows.rows)
    if (const auto n = rows.cell(row, column).number()) {
      low = low ? std::min(*low, *n) : *n;
      high = high ? std::max(*high, *n) : *n;
    }
  if (!low || !high) return;
  if (verb.field == "_time")
    by_time(rows, verb, span_for(*low, *high, verb.bins));
  else
    by_number(rows, verb, nice_span(*low, *high, verb.bins));
}

}  // namespace

OperatorPtr make_bin(const spl::Bin& verb, const Build& build) {
  if (verb.bins < 2) {
    build.fail(build.span, "bad-count", "bin needs at least two bins");
    return nullptr;
  }
  if (verb.span && !(*verb.span > 0)) {
    build.fail(build.span, "bad-count", "the span of bin must be greater than 0");
    return nullptr;
  }
  // A bare number is a span of seconds for _time.
  if (verb.time_span && (verb.field == "_time" || !verb.span))
    return row_wise([verb](Table& rows) { by_time(rows, verb, *verb.time_span); });
  if (verb.span) return row_wise([verb](Table& rows) { by_number(rows, verb, *verb.span); });
  return whole_table([verb](Table& rows) { by_range(rows, verb); });
}

}  // namespace escudo::pipeline
