#pragma once
// Rows of Matches as Values and back, for those who keep single rows: live runs.

#include <map>
#include <utility>
#include <vector>

#include "detect/matcher.hpp"
#include "event/value.hpp"

namespace escudo::detect {

// By column.
std::vector<event::Value> cells_of(const Matches& matches, const MatchedRow& row);

// Puts rows into Matches one by one. Belongs to one Matches at a time; the layouts it makes may serve
// the next.
class RowWriter {
 public:
  // Appends a record; the rows that follow are its.
  void add_record(Matches& out, MatchedRecord record);
  void add_row(Matches& out, std::uint32_t feed, const std::vector<std::string>& columns,
               const std::vector<event::Value>& cells);

 private:
  // Every row has keys of its own, from the number of its record's fields so far.
  std::map<std::pair<std::vector<std::string>, FieldKey>, LayoutPtr> layouts_;
  FieldKey next_ = 0;
};

}  // namespace escudo::detect
