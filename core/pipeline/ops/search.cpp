// search in the middle of a pipeline, and the filter of a base search that holds subsearches.
#include <optional>

#include "pipeline/ops/ops.hpp"
#include "pipeline/ops/row_filter.hpp"
#include "pipeline/ops/subsearch.hpp"

namespace escudo::pipeline {
namespace {

class SearchOp final : public Operator {
 public:
  explicit SearchOp(const spl::SearchExpr& expr) : filter_(expr) {}
  Table push_views(const Views& rows) override {
    if (filter_.asks("_time")) return push(rows.table());
    filter_.bind(*rows.columns);
    Table out;
    out.columns = *rows.columns;
    for (const ViewRow& row : rows.rows)
      if (filter_.matches(row)) out.rows.push_back(rows.row(row));
    return out;
  }
  Table push(Table rows) override {
    filter_.bind(rows.columns);
    std::erase_if(rows.rows, [&](const Row& row) { return !filter_.matches(row); });
    return rows;
  }

 private:
  RowFilter filter_;
};

// Keeps all rows until the subsearches have run, then filters.
class LateFilter final : public Operator {
 public:
  LateFilter(const spl::SearchExpr& expr, const Build& build)
      : expr_(expr), limits_(build.context.limits), context_(&build.context) {
    if (build.feed) plain_ = build.feed->plain;
    collect(expr, build);
  }
  // Where all input is there, so are the rows of the subsearches.
  bool wants_rows(std::uint64_t) override {
    std::size_t next = 0;
    filter_.emplace(resolve(expr_, next));
    return true;
  }
  Table push(Table rows) override {
    if (filter_) return filtered(std::move(rows));
    all_.append(std::move(rows));
    return {};
  }
  Table push_views(const Views& rows) override {
    if (!filter_ || filter_->asks("_time")) return push(rows.table());
    filter_->bind(*rows.columns);
    Table out;
    out.columns = *rows.columns;
    for (const ViewRow& row : rows.rows)
      if (filter_->matches(row)) out.rows.push_back(rows.row(row));
    return out;
  }
  Table finish() override {
    if (!filter_) wants_rows(0);
    return filtered(std::move(all_));
  }

 private:
  Table filtered(Table rows) {
    filter_->bind(rows.columns);
    std::erase_if(rows.rows, [&](const Row& row) { return !filter_->matches(row); });
    return rows;
  }
  void collect(const spl::SearchExpr& expr, const Build& build) {
    if (expr.kind == spl::SearchExpr::Kind::subsearch)
      streams_.push_back(build.child(expr.subsearch, false));
    for (const spl::SearchExpr& part : expr.parts) collect(part, build);
  }
  // The expression with each subsearch replaced by what its rows say, in the order of collect().
  spl::SearchExpr resolve(const spl::SearchExpr& expr, std::size_t& next) {
    if (expr.kind == spl::SearchExpr::Kind::subsearch) {
      Stream* stream = streams_[next++].get();
      if (!stream) return {};
      const Table rows = stream->finish();
      if (rows.rows.size() > limits_.filter_rows)
        context_->say("a subsearch used as a filter gave " + std::to_string(rows.rows.size()) +
                      " rows; the first " + std::to_string(limits_.filter_rows) +
                      " are used, as in Splunk");
      return rows_as_filter(rows, plain_, limits_.filter_rows);
    }
    spl::SearchExpr out = expr;
    for (spl::SearchExpr& part : out.parts) part = resolve(part, next);
    return out;
  }
  spl::SearchExpr expr_;
  Limits limits_;
  const Context* context_;
  std::map<std::string, std::string> plain_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::optional<RowFilter> filter_;
  Table all_;
};

bool has_subsearch(const spl::SearchExpr& expr) {
  if (expr.kind == spl::SearchExpr::Kind::subsearch) return true;
  for (const spl::SearchExpr& part : expr.parts)
    if (has_subsearch(part)) return true;
  return false;
}

}  // namespace

OperatorPtr make_search(const spl::Search& verb, const Build& build) {
  if (has_subsearch(verb.expr)) return make_late_filter(verb.expr, build);
  return std::make_unique<SearchOp>(verb.expr);
}

OperatorPtr make_late_filter(const spl::SearchExpr& expr, const Build& build) {
  return std::make_unique<LateFilter>(expr, build);
}

}  // namespace escudo::pipeline
