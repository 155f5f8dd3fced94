// stats and eventstats. Rows whose BY field is null fall out of stats and pass eventstats
// unchanged; a multivalue BY field counts the row once a value.
#include "pipeline/ops/group.hpp"

namespace escudo::pipeline {
namespace {

// Whether some aggregate is a wildcard over columns that are known only when rows come.
bool has_wildcard(const spl::Stats& verb) {
  for (const spl::Aggregate& a : verb.aggregates)
    if (a.field.find('*') != std::string::npos) return true;
  return false;
}

class Stats final : public Operator {
 public:
  explicit Stats(const spl::Stats& verb) : verb_(verb), wildcard_(has_wildcard(verb)) {}
  bool prepare(const Build& build) {
    grouping_.name_keys(verb_.by);
    return grouping_.prepare(verb_.aggregates, build);
  }
  GroupStates* groups() override { return wildcard_ ? nullptr : &grouping_; }

  Table push(Table rows) override {
    // Wildcards need to see every column first.
    if (wildcard_)
      held_.append(std::move(rows));
    else
      take(rows);
    return {};
  }

  Table push_views(const Views& rows) override {
    if (!grouping_.takes_views()) return push(rows.table());
    grouping_.bind(rows);
    std::vector<std::size_t> by;
    for (const std::string& b : verb_.by) by.push_back(rows.find(b));
    for (const ViewRow& row : rows.rows) {
      parts_.clear();
      bool several = false, missing = false;
      for (std::size_t k = 0; k < by.size(); ++k) {
        Grouping::KeyPart& part = parts_.emplace_back();
        if (verb_.by[k] == "_time") {
          missing = missing || by[k] == Table::npos || !row.has_time;
          part.number = base::to_epoch_seconds(row.time);
          continue;
        }
        const std::size_t values = by[k] == Table::npos ? 0 : row.cells[by[k]].size();
        missing = missing || values == 0;
        several = several || values > 1;
        if (values == 1) part.text = row.cells[by[k]].front();
      }
      if (missing) continue;
      if (!several) {
        grouping_.add(parts_, row);
        continue;
      }
      take({*rows.columns, {rows.row(row)}, {}});
      grouping_.bind(rows);
    }
    return {};
  }

  void finish_into(const Give& give) override {
    if (wildcard_) {
      grouping_.expand_wildcards(held_.columns, verb_.by);
      take(held_);
    }
    Table out;
    out.columns = verb_.by;
    out.key = verb_.by;
    for (const Grouping::Part& part : grouping_.parts())
      out.columns.push_back(part.aggregate.output);
    if (verb_.by.empty() && grouping_.empty()) {  // Splunk: one row, count 0, the rest null
      Row row;
      for (const Grouping::Part& part : grouping_.parts())
        row.cells.push_back(part.aggregate.function == "count" || part.aggregate.function == "dc"
                                ? Value(0.0)
                                : Value());
      out.rows.push_back(std::move(row));
      return give(std::move(out));
    }
    grouping_.give_rows(std::move(out), give);
  }

 private:
  void take(const Table& rows) {
    grouping_.bind(rows.columns);
    const auto by = find_all(rows, verb_.by);
    const std::size_t time_column = rows.find("_time");
    for (const Row& row : rows.rows)
      grouping_.add(rows, by, row, time_of(rows, time_column, row));
  }

  spl::Stats verb_;
  bool wildcard_;
  Grouping grouping_;
  Table held_;
  std::vector<Grouping::KeyPart> parts_;
};

class EventStats final : public Operator {
 public:
  explicit EventStats(const spl::Stats& verb) : verb_(verb) {}
  bool prepare(const Build& build) { return grouping_.prepare(verb_.aggregates, build); }
  Table push(Table rows) override {
    all_.append(std::move(rows));
    return {};
  }
  Table finish() override {
    grouping_.expand_wildcards(all_.columns, verb_.by);
    grouping_.bind(all_.columns);
    const auto by = find_all(all_, verb_.by);
    const std::size_t time_column = all_.find("_time");
    std::vector<Grouping::Group*> group_of;
    for (const Row& row : all_.rows) {
      Grouping::Group* first = nullptr;
      for (auto& key : keys_of(all_, row, by)) {
        Grouping::Group& group =
            grouping_.add(std::move(key), row, time_of(all_, time_column, row));
        if (!first) first = &group;
      }
      group_of.push_back(first);
    }
    std::vector<std::size_t> targets;
    for (const Grouping::Part& part : grouping_.parts())
      targets.push_back(all_.add_column(part.aggregate.output));
    std::unordered_map<Grouping::Group*, std::vector<Value>> results;
    for (std::size_t r = 0; r < all_.rows.size(); ++r) {
      if (!group_of[r]) continue;
      auto [at, fresh] = results.try_emplace(group_of[r]);
      if (fresh)
        for (std::size_t k = 0; k < grouping_.parts().size(); ++k)
          at->second.push_back(grouping_.result(*group_of[r], k));
      for (std::size_t k = 0; k < targets.size(); ++k)
        all_.rows[r].cells[targets[k]] = at->second[k];
    }
    return std::move(all_);
  }

 private:
  spl::Stats verb_;
  Grouping grouping_;
  Table all_;
};

template <class Op>
OperatorPtr prepared(std::unique_ptr<Op> op, const Build& build) {
  if (!op->prepare(build)) return nullptr;
  return op;
}

}  // namespace

OperatorPtr make_stats(const spl::Stats& verb, const Build& build) {
  switch (verb.mode) {
    case spl::Stats::Mode::stats:
      return prepared(std::make_unique<Stats>(verb), build);
    case spl::Stats::Mode::eventstats:
      return prepared(std::make_unique<EventStats>(verb), build);
    case spl::Stats::Mode::streamstats:
      return make_streamstats(verb, build);
  }
  return nullptr;
}

}  // namespace escudo::pipeline
