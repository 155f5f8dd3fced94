#include "pipeline/views.hpp"

#include <algorithm>

namespace escudo::pipeline {

std::size_t Views::find(std::string_view column) const {
  const auto at = std::find(columns->begin(), columns->end(), column);
  return at == columns->end() ? Table::npos : static_cast<std::size_t>(at - columns->begin());
}

Row Views::row(const ViewRow& view) const {
  Row out;
  out.cells.reserve(columns->size());
  for (std::size_t c = 0; c < columns->size(); ++c) {
    const auto& values = view.cells[c];
    if ((*columns)[c] == "_time")
      out.cells.push_back(view.has_time ? Value(base::to_epoch_seconds(view.time)) : Value());
    else if (values.size() == 1)
      out.cells.emplace_back(values.front());
    else
      out.cells.push_back(Value::many({values.begin(), values.end()}));
  }
  out.evidence = Evidence::of(view.record, view.time, view.has_time);
  out.evidence.in_question = view.in_question;
  return out;
}

Table Views::table() const {
  Table out;
  out.columns = *columns;
  out.rows.reserve(rows.size());
  for (const ViewRow& view : rows) out.rows.push_back(row(view));
  return out;
}

}  // namespace escudo::pipeline
