// append, multisearch (and union): the rows of another search after those so far. appendcols: its
// rows beside them, first to first. appendpipe: what a pipeline makes of the rows so far, after
// them.
//
// append and multisearch hold nothing of the rows that pass; appendcols and appendpipe hold them
// all.
#include <algorithm>

#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

// The rows of a subsearch, cut where Splunk cuts them.
Table rows_of(Stream& stream, const Context& context, const char* verb, std::int64_t max_rows) {
  Table rows = stream.finish();
  if (max_rows > 0 && rows.rows.size() > static_cast<std::size_t>(max_rows))
    rows.rows.resize(static_cast<std::size_t>(max_rows));
  const std::uint64_t limit = context.limits.subsearch_rows;
  if (rows.rows.size() > limit) {
    context.say(std::string(verb) + ": a subsearch gave " + std::to_string(rows.rows.size()) +
                " rows; the first " + std::to_string(limit) + " are used, as in Splunk");
    rows.rows.resize(limit);
  }
  return rows;
}

class Append final : public Operator {
 public:
  Append(std::unique_ptr<Stream> stream, std::int64_t max_rows, const Context& context)
      : stream_(std::move(stream)), max_rows_(max_rows), context_(&context) {}
  Table push(Table rows) override { return rows; }
  Table finish() override { return rows_of(*stream_, *context_, "append", max_rows_); }

 private:
  std::unique_ptr<Stream> stream_;
  std::int64_t max_rows_;
  const Context* context_;
};

// Searches side by side: no subsearch limit, they are the search itself.
class Multisearch final : public Operator {
 public:
  explicit Multisearch(std::vector<std::unique_ptr<Stream>> streams)
      : streams_(std::move(streams)) {}
  Table push(Table rows) override { return rows; }
  Table finish() override {
    Table out;
    for (auto& stream : streams_) out.append(stream->finish());
    return out;
  }

 private:
  std::vector<std::unique_ptr<Stream>> streams_;
};

void put_beside(Table& left, Table right, bool overwrite) {
  std::vector<std::size_t> place;
  for (const std::string& column : right.columns)
    // A subsearch brings no internal fields to the side of others.
    place.push_back(column.starts_with('_') ? Table::npos : left.add_column(column));
  if (right.rows.size() > left.rows.size()) {
    left.key.clear();
    for (std::size_t r = left.rows.size(); r < right.rows.size(); ++r)
      left.rows.push_back({std::vector<Value>(left.columns.size()), {}});
  }
  for (std::size_t r = 0; r < right.rows.size(); ++r) {
    Row& row = left.rows[r];
    for (std::size_t c = 0; c < place.size(); ++c) {
      if (place[c] == Table::npos || right.rows[r].cells[c].is_null()) continue;
      Value& cell = row.cells[place[c]];
      if (cell.is_null() || overwrite) cell = std::move(right.rows[r].cells[c]);
    }
    row.evidence.merge(right.rows[r].evidence);
  }
}

}  // namespace

OperatorPtr make_append(const spl::Append& verb, const Build& build) {
  auto stream = build.child(verb.pipeline, build.order_matters);
  if (!stream) return nullptr;
  return std::make_unique<Append>(std::move(stream), verb.max_rows, build.context);
}

OperatorPtr make_multisearch(const spl::Multisearch& verb, const Build& build) {
  std::vector<std::unique_ptr<Stream>> streams;
  for (const spl::PipelinePtr& p : verb.pipelines) {
    streams.push_back(build.child(p, false));
    if (!streams.back()) return nullptr;
  }
  return std::make_unique<Multisearch>(std::move(streams));
}

OperatorPtr make_appendcols(const spl::AppendCols& verb, const Build& build) {
  std::shared_ptr<Stream> stream = build.child(verb.pipeline, true);
  if (!stream) return nullptr;
  return whole_table([stream, verb, context = &build.context](Table& rows) {
    put_beside(rows, rows_of(*stream, *context, "appendcols", verb.max_rows), verb.overwrite);
  });
}

OperatorPtr make_appendpipe(const spl::AppendPipe& verb, const Build& build) {
  std::shared_ptr<Stream> stream = build.child(verb.pipeline, build.order_matters);
  if (!stream) return nullptr;
  return whole_table([stream](Table& rows) {
    stream->push(rows);
    rows.append(stream->finish());
  });
}

}  // namespace escudo::pipeline
