#pragma once
// Rows between operators: named columns, cells, and for each row the records it came from.
// Value types, one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.hpp"
#include "event/value.hpp"

namespace escudo::pipeline {

using event::Value;

// Which records made a row. Records are numbered in reading order by whoever feeds the pipeline.
// Keeps the first 100 in order of time (then of reading) and counts the rest: an analyst looks at the
// first few, and an aggregate over a million events must stay small (100 × 16 bytes a row).
//
// A record that reaches a row by several ways counts once. `total` is exact up to 100 records, and past
// them where the rows of one record come one after another (mvexpand). Where rows are merged that each
// rest on many records, and share some that neither keeps, it is an upper bound.
struct Evidence {
  static constexpr std::size_t kKept = 100;
  struct Record {
    base::Time time{};
    std::uint64_t number = 0;
    auto operator<=>(const Record&) const = default;
  };
  std::vector<Record> records;        // sorted
  std::uint64_t total = 0;
  std::uint64_t newest = 0;           // number of the record added last
  base::Time first{}, last{};         // of all records that have a time
  bool timed = false;
  bool in_question = false;           // one of them is the record that explain asks about

  static Evidence of(std::uint64_t number, base::Time time, bool has_time);
  void merge(const Evidence& other);
  void merge(Evidence&& other);
  // The same as merging of(…).
  void add(const Record& record, bool has_time);
};

struct Row {
  std::vector<Value> cells;           // as many as the table has columns
  Evidence evidence;
};

struct Table {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  // The columns that name a row among its siblings: the BY fields of the last grouping. Empty: the
  // whole row does.
  std::vector<std::string> key;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t find(std::string_view column) const;    // npos when there is none
  std::size_t add_column(std::string_view column);    // finds or appends (cells null)
  // Appends rows of another table, matching columns by name.
  void append(Table&& other);
  const Value& cell(const Row& row, std::size_t column) const {
    static const Value null;
    return column == npos ? null : row.cells[column];
  }
  // Keeps these columns in this order.
  void project(const std::vector<std::size_t>& keep);
};

// Splunk's order of two values: numbers by size, numbers before text, text byte by byte, null last.
int compare(const Value& a, const Value& b);

}  // namespace escudo::pipeline
