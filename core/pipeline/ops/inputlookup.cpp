// inputlookup: the rows of a table, those that a filter lets through, from `start` on and at most
// `max`. With append=true after the rows so far. They come from no record, so they carry no
// evidence.
#include "pipeline/ops/lookup_source.hpp"
#include "pipeline/ops/row_filter.hpp"

namespace escudo::pipeline {
namespace {

class InputLookup final : public Operator {
 public:
  InputLookup(const spl::InputLookup& verb, LookupSource source, const Context& context)
      : verb_(verb), source_(std::move(source)), context_(&context) {}

  Table push(Table rows) override { return rows; }
  Table finish() override {
    if (!source_.absence.empty()) context_->say_of_all(source_.absence);
    Table out;
    out.columns = source_.table->columns;
    std::optional<RowFilter> filter;
    if (verb_.where) {
      filter.emplace(*verb_.where);
      filter->bind(out.columns);
    }
    std::int64_t number = 0;
    for (const std::vector<std::string>& cells : source_.table->rows) {
      if (verb_.max > 0 && out.rows.size() >= static_cast<std::size_t>(verb_.max)) break;
      Row row;
      for (const std::string& cell : cells)
        row.cells.push_back(cell.empty() ? Value() : Value(cell));
      if (filter && !filter->matches(row)) continue;
      if (number++ >= verb_.start) out.rows.push_back(std::move(row));
    }
    return out;
  }

 private:
  spl::InputLookup verb_;
  LookupSource source_;
  const Context* context_;
};

}  // namespace

OperatorPtr make_inputlookup(const spl::InputLookup& verb, const Build& build) {
  return std::make_unique<InputLookup>(verb, find_lookup(verb.table, verb.table_span, build),
                                       build.context);
}

}  // namespace escudo::pipeline
