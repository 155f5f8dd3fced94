// fillnull: puts a value where there is none. With fields, in those (made where no row has them),
// row by row; without, in every field that some row has, which needs all rows first.
#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {
namespace {

void fill(Table& rows, std::size_t column, const Value& value) {
  for (Row& row : rows.rows)
    if (row.cells[column].is_null()) row.cells[column] = value;
}

void fill_named(Table& rows, const std::vector<std::string>& fields, const Value& value) {
  for (const std::string& field : fields) {
    if (field.find('*') == std::string::npos) {
      fill(rows, rows.add_column(field), value);
      continue;
    }
    for (std::size_t c = 0; c < rows.columns.size(); ++c)
      if (spl::match_name(field, rows.columns[c])) fill(rows, c, value);
  }
}

void fill_all(Table& rows, const Value& value) {
  for (std::size_t c = 0; c < rows.columns.size(); ++c) {
    bool somewhere = false;
    for (const Row& row : rows.rows) somewhere = somewhere || !row.cells[c].is_null();
    if (somewhere) fill(rows, c, value);
  }
}

}  // namespace

OperatorPtr make_fillnull(const spl::FillNull& verb, const Build&) {
  const Value value(verb.value);
  if (!verb.fields.empty())
    return row_wise(
        [fields = verb.fields, value](Table& rows) { fill_named(rows, fields, value); });
  return whole_table([value](Table& rows) { fill_all(rows, value); });
}

}  // namespace escudo::pipeline
