#pragma once
// Views: rows of a feed as they come from matching, whose cells still point into the bytes of their
// batch. Verbs that group read them so and copy only what they keep; for all others they are turned
// into a Table.
//
// Valid while whoever made them keeps their bytes. One thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/row.hpp"

namespace escudo::pipeline {

struct ViewRow {
  // By column, the values of a field: none is null. Of _time there are none: it is below.
  const std::span<const std::string_view>* cells = nullptr;
  base::Time time{};
  bool has_time = false;
  std::uint64_t record = 0;   // as Evidence numbers them
  bool in_question = false;   // as in Evidence
};

struct Views {
  const std::vector<std::string>* columns = nullptr;
  std::vector<ViewRow> rows;

  std::size_t find(std::string_view column) const;   // Table::npos when there is none
  Table table() const;
  // One row as a Table has it.
  Row row(const ViewRow& view) const;
};

}  // namespace escudo::pipeline
