// top, rare: how often each combination of values occurs, the most (or least) frequent first,
// equals in the order of their values. A multivalue counts once a value; rows that lack a field do
// not count. Holds a counter for each combination.
#include <algorithm>
#include <cstdio>
#include <map>

#include "pipeline/ops/multivalue.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

class Top final : public Operator {
 public:
  explicit Top(const spl::Top& verb) : verb_(verb) {}

  Table push(Table rows) override {
    std::vector<std::size_t> columns;
    for (const std::string& field : verb_.by) columns.push_back(rows.find(field));
    for (const std::string& field : verb_.fields) columns.push_back(rows.find(field));
    for (const Row& row : rows.rows) count(rows, row, columns);
    return {};
  }

  Table finish() override {
    Table out;
    out.columns = verb_.by;
    out.columns.insert(out.columns.end(), verb_.fields.begin(), verb_.fields.end());
    out.key = out.columns;
    if (verb_.show_count) out.columns.push_back(verb_.count_field);
    if (verb_.show_percent) out.columns.push_back(verb_.percent_field);
    for (auto& [by, combinations] : groups_) finish(combinations, out);
    return out;
  }

 private:
  struct Tally {
    std::uint64_t count = 0;
    Evidence evidence;
  };
  using Values = std::vector<std::string>;
  using Combinations = std::map<Values, Tally>;

  void count(const Table& rows, const Row& row, const std::vector<std::size_t>& columns) {
    std::vector<Values> tuples{{}};
    for (std::size_t column : columns) {
      const Value::Many values = rows.cell(row, column).values();
      std::vector<Values> next;
      for (const Values& tuple : tuples)
        for (const std::string& value : values) {
          next.push_back(tuple);
          next.back().push_back(value);
        }
      tuples = std::move(next);
    }
    for (Values& tuple : tuples) {
      Values by(tuple.begin(), tuple.begin() + static_cast<std::ptrdiff_t>(verb_.by.size()));
      Tally& tally = groups_[std::move(by)][std::move(tuple)];
      ++tally.count;
      tally.evidence.merge(row.evidence);
    }
  }

  void finish(Combinations& combinations, Table& out) const {
    std::uint64_t total = 0;
    std::vector<Combinations::value_type*> order;
    for (auto& entry : combinations) {
      total += entry.second.count;
      order.push_back(&entry);
    }
    std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
      return verb_.rare ? a->second.count < b->second.count : a->second.count > b->second.count;
    });
    const std::size_t shown = verb_.limit > 0
                                  ? std::min(order.size(), static_cast<std::size_t>(verb_.limit))
                                  : order.size();
    for (std::size_t k = 0; k < shown; ++k) add(order[k]->first, order[k]->second, total, out);
    if (shown == order.size() || !verb_.use_other) return;
    Tally rest;
    Values names = order[shown]->first;
    std::fill(names.begin() + static_cast<std::ptrdiff_t>(verb_.by.size()), names.end(),
              verb_.other_name);
    for (std::size_t k = shown; k < order.size(); ++k) {
      rest.count += order[k]->second.count;
      rest.evidence.merge(order[k]->second.evidence);
    }
    add(names, rest, total, out);
  }

  void add(const Values& values, Tally& tally, std::uint64_t total, Table& out) const {
    Row row;
    for (const std::string& value : values) row.cells.emplace_back(value);
    if (verb_.show_count) row.cells.emplace_back(static_cast<double>(tally.count));
    if (verb_.show_percent) {
      char text[32];
      std::snprintf(text, sizeof text, "%.6f",
                    100.0 * static_cast<double>(tally.count) / static_cast<double>(total));
      row.cells.emplace_back(text);
    }
    row.evidence = std::move(tally.evidence);
    out.rows.push_back(std::move(row));
  }

  spl::Top verb_;
  std::map<Values, Combinations> groups_;
};

}  // namespace

OperatorPtr make_top(const spl::Top& verb, const Build&) { return std::make_unique<Top>(verb); }

}  // namespace escudo::pipeline
