#pragma once
// Pivot: what chart and timechart share. Rows fall into cells by a label (a row of the result) and
// a series (a group of its columns); aggregates gather per cell. Of many series the greatest stay
// and the others are gathered again as one, because an average of averages is none: that is why it
// is asked to look at the rows twice. Reads a whole table; one use.

#include <functional>

#include "pipeline/ops/group.hpp"

namespace escudo::pipeline {

class Pivot {
 public:
  struct Options {
    std::string by;           // the field of the series; "" for none
    std::int64_t limit = 10;  // series; 0 = all
    bool use_other = true, use_null = true;
    std::string other_name = "OTHER", null_name = "NULL";
  };

  // False after a problem.
  bool prepare(std::vector<spl::Aggregate> aggregates, Options options, const Build& build);

  // `label` names the row a table row belongs to, or none. Rows of the result are sorted by label;
  // its first column is `label_name`, the others are the series, those of the rest and of NULL
  // last.
  using LabelOf = std::function<std::optional<Value>(const Row&)>;
  Table make(const Table& rows, const std::string& label_name, const LabelOf& label);

  // A row as an empty label has it: counts are 0, everything else is null. After make().
  std::vector<Value> empty_row(const Value& label) const;

 private:
  std::vector<std::string> series_of(const Table& rows, std::size_t column, const Row& row) const;
  std::vector<std::string> greatest(std::vector<std::pair<std::string, double>> scores,
                                    std::size_t keep) const;
  Table layout(const std::string& label_name) const;

  Options options_;
  const Context* context_ = nullptr;
  std::vector<spl::Aggregate> aggregates_;
  Grouping cells_, others_;
  std::vector<std::string> series_;  // of the result, in order
};

}  // namespace escudo::pipeline
