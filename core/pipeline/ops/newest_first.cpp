#include "pipeline/ops/newest_first.hpp"

#include <algorithm>
#include <tuple>
#include <variant>

namespace escudo::pipeline {
namespace {

bool asks_for_order(const std::vector<spl::Aggregate>& aggregates) {
  return std::any_of(aggregates.begin(), aggregates.end(), [](const spl::Aggregate& a) {
    return a.function == "first" || a.function == "last" || a.function == "list";
  });
}

RowOrder aggregated(const std::vector<spl::Aggregate>& aggregates) {
  return asks_for_order(aggregates) ? RowOrder::needs : RowOrder::makes;
}

struct OrderOf {
  RowOrder operator()(const spl::Stats& v) const {
    switch (v.mode) {
      case spl::Stats::Mode::stats:
        return aggregated(v.aggregates);
      case spl::Stats::Mode::eventstats:
        return asks_for_order(v.aggregates) ? RowOrder::needs : RowOrder::passes;
      case spl::Stats::Mode::streamstats:
        break;
    }
    return RowOrder::needs;
  }
  RowOrder operator()(const spl::Tstats& v) const { return aggregated(v.aggregates); }
  RowOrder operator()(const spl::Timechart& v) const { return aggregated(v.aggregates); }
  RowOrder operator()(const spl::Chart& v) const { return aggregated(v.aggregates); }
  RowOrder operator()(const spl::Top&) const { return RowOrder::makes; }
  RowOrder operator()(const spl::Dedup&) const { return RowOrder::needs; }
  RowOrder operator()(const spl::Sort&) const {
    return RowOrder::needs;
  }  // ties, and what a limit cuts
  RowOrder operator()(const spl::Head&) const { return RowOrder::needs; }
  RowOrder operator()(const spl::Tail&) const { return RowOrder::needs; }
  RowOrder operator()(const spl::Reverse&) const { return RowOrder::needs; }
  RowOrder operator()(const spl::Transaction&) const { return RowOrder::needs; }
  RowOrder operator()(const spl::MvCombine&) const { return RowOrder::needs; }
  RowOrder operator()(const spl::AppendCols&) const { return RowOrder::needs; }
  RowOrder operator()(const spl::Map&) const { return RowOrder::needs; }  // maxsearches
  template <class Other>
  RowOrder operator()(const Other&) const {
    return RowOrder::passes;
  }
};

// When a row happened: its latest record, the later read of two at one time.
struct Moment {
  bool known = false;
  base::Time time{};
  std::uint64_t number = 0;

  static Moment of(const Row& row) {
    if (row.evidence.records.empty()) return {};
    return {true, row.evidence.records.back().time, row.evidence.records.back().number};
  }
  bool newer(const Moment& other) const {
    if (known != other.known) return known;
    return std::tie(time, number) > std::tie(other.time, other.number);
  }
};

void newest_first(Table& table) {
  std::vector<std::pair<Moment, std::size_t>> order;
  order.reserve(table.rows.size());
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    order.emplace_back(Moment::of(table.rows[r]), r);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first.newer(b.first); });
  std::vector<Row> rows;
  rows.reserve(order.size());
  for (const auto& [moment, r] : order) rows.push_back(std::move(table.rows[r]));
  table.rows = std::move(rows);
}

}  // namespace

RowOrder row_order(const spl::Command& command) { return std::visit(OrderOf{}, command.verb); }

bool order_matters(const spl::Pipeline& pipeline, std::size_t first, bool at_end) {
  for (std::size_t k = first; k < pipeline.commands.size(); ++k) {
    const RowOrder order = row_order(pipeline.commands[k]);
    if (order != RowOrder::passes) return order == RowOrder::needs;
  }
  return at_end;
}

OperatorPtr make_newest_first() { return whole_table(newest_first); }

}  // namespace escudo::pipeline
