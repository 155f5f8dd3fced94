// Tested by the live runs of tests/unit/detect and tests/tail.
#include "detect/matched_rows.hpp"

#include "pipeline/views.hpp"

namespace escudo::detect {

std::vector<event::Value> cells_of(const Matches& matches, const MatchedRow& row) {
  const MatchedRecord& record = matches.records[row.record];
  const std::size_t end =
      row.record + 1 < matches.records.size() ? matches.records[row.record + 1].fields : matches.fields.size();
  FieldReader reader;
  base::Arena arena{4096};
  reader.use(*row.layout);
  const auto* cells = reader.read(std::string_view(matches.fields).substr(record.fields, end - record.fields), arena);
  pipeline::Views views{&row.layout->columns, {}};
  return views.row({cells, record.time, record.has_time, 0}).cells;
}

void RowWriter::add_record(Matches& out, MatchedRecord record) {
  record.fields = out.fields.size();
  out.records.push_back(std::move(record));
  next_ = 0;
}

void RowWriter::add_row(Matches& out, std::uint32_t feed, const std::vector<std::string>& columns,
                        const std::vector<event::Value>& cells) {
  LayoutPtr& layout = layouts_[{columns, next_}];
  if (!layout) {
    auto made = std::make_shared<Layout>();
    made->columns = columns;
    for (std::size_t c = 0; c < columns.size(); ++c)
      made->keys.push_back(columns[c] == "_time" ? kTimeKey : next_ + static_cast<FieldKey>(c));
    layout = std::move(made);
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (layout->keys[c] == kTimeKey || cells[c].is_null()) continue;
    const event::Value::Many values = cells[c].values();
    const std::vector<std::string_view> views(values.begin(), values.end());
    put_field(out.fields, layout->keys[c], views);
  }
  next_ += static_cast<FieldKey>(columns.size());
  out.rows.push_back({feed, static_cast<std::uint32_t>(out.records.size() - 1), layout.get()});
  out.layouts.push_back(layout);
}

}  // namespace escudo::detect
