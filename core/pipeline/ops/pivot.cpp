#include "pipeline/ops/pivot.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace escudo::pipeline {

bool Pivot::prepare(std::vector<spl::Aggregate> aggregates, Options options, const Build& build) {
  context_ = &build.context;
  options_ = std::move(options);
  aggregates_ = std::move(aggregates);
  if (aggregates_.empty()) {
    spl::Aggregate count;
    count.function = count.output = "count";
    count.span = build.span;
    aggregates_.push_back(std::move(count));
  }
  for (const spl::Aggregate& a : aggregates_)
    if (a.field.find('*') != std::string::npos) {
      build.fail(a.span, "unsupported-command", "charts take no wildcard in " + a.output);
      return false;
    }
  return cells_.prepare(aggregates_, build) && others_.prepare(aggregates_, build);
}

std::vector<std::string> Pivot::series_of(const Table& rows, std::size_t column,
                                          const Row& row) const {
  if (options_.by.empty()) return {""};
  const Value& cell = rows.cell(row, column);
  if (!cell.is_null()) return cell.values();
  if (options_.use_null) return {options_.null_name};
  return {};
}

std::vector<std::string> Pivot::greatest(std::vector<std::pair<std::string, double>> scores,
                                         std::size_t keep) const {
  std::stable_sort(scores.begin(), scores.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (scores.size() > keep) scores.resize(keep);
  std::vector<std::string> out;
  for (auto& [name, score] : scores) out.push_back(std::move(name));
  std::sort(out.begin(), out.end());
  return out;
}

Table Pivot::layout(const std::string& label_name) const {
  Table out;
  out.columns.push_back(label_name);
  out.key = {label_name};
  for (const spl::Aggregate& a : aggregates_)
    for (const std::string& series : series_) {
      if (options_.by.empty())
        out.columns.push_back(a.output);
      else
        out.columns.push_back(aggregates_.size() == 1 ? series : a.output + ": " + series);
    }
  return out;
}

std::vector<Value> Pivot::empty_row(const Value& label) const {
  std::vector<Value> cells{label};
  for (const spl::Aggregate& a : aggregates_)
    for (std::size_t k = 0; k < series_.size(); ++k)
      cells.push_back(a.function == "count" || a.function == "dc" ? Value(0.0) : Value());
  return cells;
}

Table Pivot::make(const Table& rows, const std::string& label_name, const LabelOf& label) {
  const std::size_t by = options_.by.empty() ? Table::npos : rows.find(options_.by);
  const std::size_t time_column = rows.find("_time");
  cells_.bind(rows.columns);
  auto each = [&](auto&& take) {
    for (const Row& row : rows.rows) {
      const std::optional<Value> at = label(row);
      if (!at) continue;
      for (const std::string& series : series_of(rows, by, row)) take(*at, series, row);
    }
  };
  each([&](const Value& at, const std::string& series, const Row& row) {
    cells_.add({at, series}, row, time_of(rows, time_column, row));
  });

  // Which series stay: those with the greatest sum of the first aggregate.
  std::map<std::string, double> scores;
  std::size_t labels = 0;
  const std::vector<Grouping::Group*> all = cells_.sorted();
  Value last;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const std::vector<Value> key = cells_.key_of(*all[k]);
    if (k == 0 || !(key[0] == last)) ++labels;
    last = key[0];
    scores[key[1].text()] += cells_.result(*all[k], 0).number().value_or(0);
  }
  const bool null_series = !options_.by.empty() && scores.contains(options_.null_name);
  scores.erase(options_.null_name);
  std::size_t keep = options_.limit > 0 ? static_cast<std::size_t>(options_.limit) : scores.size();
  const std::size_t bound =
      std::max<std::size_t>(1, context_->limits.chart_cells / std::max<std::size_t>(labels, 1));
  if (keep > bound && scores.size() > bound) {
    keep = bound;
    context_->say("chart: " + std::to_string(scores.size()) + " series are too many for " +
                  std::to_string(labels) + " rows; the greatest " + std::to_string(bound) +
                  " are shown");
  }
  series_ = greatest({scores.begin(), scores.end()}, keep);
  const std::set<std::string> shown(series_.begin(), series_.end());
  const bool folded = shown.size() < scores.size();
  if (folded && options_.use_other) {
    others_.bind(rows.columns);
    each([&](const Value& at, const std::string& series, const Row& row) {
      if (series != options_.null_name && !shown.contains(series))
        others_.add({at}, row, time_of(rows, time_column, row));
    });
    series_.push_back(options_.other_name);
  }
  if (null_series) series_.push_back(options_.null_name);

  Table out = layout(label_name);
  std::map<std::string, std::size_t> place;
  for (std::size_t k = 0; k < series_.size(); ++k) place[series_[k]] = k;
  auto row_of = [&](const Value& label_value) -> Row& {
    if (out.rows.empty() || !(out.rows.back().cells[0] == label_value))
      out.rows.push_back({empty_row(label_value), {}});
    return out.rows.back();
  };
  auto put = [&](Row& row, const Grouping& groups, const Grouping::Group& group, const std::string& series) {
    for (std::size_t a = 0; a < aggregates_.size(); ++a)
      row.cells[1 + a * series_.size() + place.at(series)] = groups.result(group, a);
  };
  for (const Grouping::Group* group : all) {
    const std::vector<Value> key = cells_.key_of(*group);
    Row& row = row_of(key[0]);
    row.evidence.merge(group->evidence);
    const std::string series = key[1].text();
    if (series == options_.null_name || shown.contains(series)) put(row, cells_, *group, series);
  }
  if (folded && options_.use_other)
    for (Row& row : out.rows)
      if (const Grouping::Group* other = others_.find({row.cells[0]}))
        put(row, others_, *other, options_.other_name);
  return out;
}

}  // namespace escudo::pipeline
