#pragma once
// Columns whose names come from the data (spath, xmlkv, eval "{field}"): a log must not be able to
// widen a table without end, because every row has a cell for every column. A verb adds at most
// Limits::data_columns of them; past that, values under new names are left out, which is said once.

#include <set>

#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

class DataColumns {
 public:
  DataColumns(std::string verb, const Context& context)
      : verb_(std::move(verb)), context_(&context) {}

  // The column of that name, added where it is missing; Table::npos when the verb has used up its
  // share.
  std::size_t column(Table& table, const std::string& name) {
    if (const std::size_t at = table.find(name); at != Table::npos) return at;
    if (!added_.contains(name)) {
      if (added_.size() >= context_->limits.data_columns) {
        context_->say(verb_ + ": the data names more than " + std::to_string(added_.size()) +
                      " fields; the rest is left out");
        return Table::npos;
      }
      added_.insert(name);
    }
    return table.add_column(name);
  }

 private:
  std::string verb_;
  const Context* context_;
  std::set<std::string> added_;
};

}  // namespace escudo::pipeline
