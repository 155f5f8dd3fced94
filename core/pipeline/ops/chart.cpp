// chart AGGREGATES over FIELD by FIELD: a row for each value of the first field, a column for each
// value of the second. Holds all rows.
#include "pipeline/ops/pivot.hpp"

namespace escudo::pipeline {

OperatorPtr make_chart(const spl::Chart& verb, const Build& build) {
  if (verb.over.empty()) {
    build.fail(build.span, "syntax", "chart names no field for its rows",
               "write chart count over field");
    return nullptr;
  }
  auto pivot = std::make_shared<Pivot>();
  if (!pivot->prepare(
          verb.aggregates,
          {verb.by, verb.limit, verb.use_other, verb.use_null, verb.other_name, verb.null_name},
          build))
    return nullptr;
  std::shared_ptr<Operator> bin;
  if (verb.bin && !(bin = make_bin(*verb.bin, build))) return nullptr;
  return whole_table([pivot, bin, over = verb.over](Table& rows) {
    if (bin) {
      Table binned = bin->push(std::move(rows));
      binned.append(bin->finish());
      rows = std::move(binned);
    }
    const std::size_t column = rows.find(over);
    rows = pivot->make(rows, over, [&](const Row& row) -> std::optional<Value> {
      const Value& cell = rows.cell(row, column);
      return cell.is_null() ? std::nullopt : std::optional(cell);
    });
  });
}

}  // namespace escudo::pipeline
