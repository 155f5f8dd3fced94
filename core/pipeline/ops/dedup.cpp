// dedup: the first rows of each combination of values. Rows that lack one of the fields fall out
// unless keepempty. consecutive looks at the row before only. keepevents keeps every row and takes
// the fields from the surplus ones. sortby sorts first. Holds a key for each combination; with
// sortby all rows.
#include <unordered_map>

#include "pipeline/ops/multivalue.hpp"
#include "pipeline/ops/ops.hpp"
#include "pipeline/ops/sort_rows.hpp"

namespace escudo::pipeline {
namespace {

class Dedup final : public Operator {
 public:
  explicit Dedup(const spl::Dedup& verb) : verb_(verb) {}

  Table push(Table rows) override {
    if (!verb_.sort_by.empty()) {
      held_.append(std::move(rows));
      return {};
    }
    deduplicate(rows);
    return rows;
  }
  Table finish() override {
    if (verb_.sort_by.empty()) return {};
    sort_rows(held_, verb_.sort_by);
    deduplicate(held_);
    return std::move(held_);
  }

 private:
  void deduplicate(Table& rows) {
    std::vector<std::size_t> columns;
    for (const std::string& field : verb_.fields) columns.push_back(rows.find(field));
    std::erase_if(rows.rows, [&](Row& row) {
      std::string key;
      for (std::size_t column : columns) {
        const Value& cell = rows.cell(row, column);
        if (cell.is_null()) return !verb_.keep_empty;
        append_key(key, cell);
      }
      if (!is_surplus(std::move(key))) return false;
      if (!verb_.keep_events) return true;
      for (std::size_t column : columns) row.cells[column] = Value();
      return false;
    });
  }

  bool is_surplus(std::string key) {
    if (verb_.consecutive) {
      if (!run_ || key != last_) run_ = 0;
      last_ = std::move(key);
      return ++run_ > verb_.keep;
    }
    return ++seen_[std::move(key)] > verb_.keep;
  }

  spl::Dedup verb_;
  std::unordered_map<std::string, std::int64_t> seen_;
  std::string last_;
  std::int64_t run_ = 0;
  Table held_;
};

}  // namespace

OperatorPtr make_dedup(const spl::Dedup& verb, const Build&) {
  return std::make_unique<Dedup>(verb);
}

}  // namespace escudo::pipeline
