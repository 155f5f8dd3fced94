// addtotals: the sum of the numbers of a row as a new field, and with col=true a last row with the
// sum of each column. Fields that begin with '_' are not summed unless named.
#include <algorithm>

#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {
namespace {

class AddTotals final : public Operator {
 public:
  explicit AddTotals(const spl::AddTotals& verb) : verb_(verb) {}

  Table push(Table rows) override {
    const std::vector<std::size_t> columns = summed(rows);
    if (verb_.row) {
      const std::size_t target = rows.add_column(verb_.field_name);
      for (Row& row : rows.rows) {
        double sum = 0;
        for (std::size_t column : columns) sum += row.cells[column].number().value_or(0);
        row.cells[target] = sum;
      }
    }
    if (verb_.column) add_up(rows, columns);
    return rows;
  }

  Table finish() override {
    if (!verb_.column) return {};
    if (!verb_.label_field.empty() && !totals_.rows.empty())
      totals_.rows[0].cells[totals_.add_column(verb_.label_field)] =
          verb_.label.empty() ? "Total" : verb_.label;
    return std::move(totals_);
  }

 private:
  std::vector<std::size_t> summed(const Table& rows) const {
    std::vector<std::size_t> out;
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      const std::string& name = rows.columns[c];
      const bool named =
          std::any_of(verb_.fields.begin(), verb_.fields.end(),
                      [&](const std::string& f) { return spl::match_name(f, name); });
      if (verb_.fields.empty() ? !name.starts_with('_') && name != verb_.field_name : named)
        out.push_back(c);
    }
    return out;
  }

  void add_up(const Table& rows, std::vector<std::size_t> columns) {
    const std::size_t own = verb_.row ? rows.find(verb_.field_name) : Table::npos;
    if (own != Table::npos) columns.push_back(own);
    for (const Row& row : rows.rows)
      for (std::size_t column : columns) {
        const auto n = row.cells[column].number();
        if (!n) continue;
        const std::size_t at = totals_.add_column(rows.columns[column]);
        if (totals_.rows.empty())
          totals_.rows.push_back({std::vector<Value>(totals_.columns.size()), {}});
        Value& cell = totals_.rows[0].cells[at];
        cell = cell.number().value_or(0) + *n;
      }
    for (const Row& row : rows.rows)
      if (!totals_.rows.empty()) totals_.rows[0].evidence.merge(row.evidence);
  }

  spl::AddTotals verb_;
  Table totals_;
};

}  // namespace

OperatorPtr make_addtotals(const spl::AddTotals& verb, const Build&) {
  return std::make_unique<AddTotals>(verb);
}

}  // namespace escudo::pipeline
