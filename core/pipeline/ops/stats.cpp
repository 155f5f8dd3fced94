// stats, eventstats, streamstats. Rows whose BY field is null fall out of stats and pass eventstats
// unchanged; a multivalue BY field counts the row once a value.
#include <deque>

#include "pipeline/ops/group.hpp"

namespace escudo::pipeline {
namespace {

// The keys of a row: none when a BY field is null.
std::vector<std::vector<Value>> keys_of(const Table& table, const Row& row, const std::vector<std::size_t>& by) {
  std::vector<std::vector<Value>> keys{{}};
  for (std::size_t column : by) {
    const Value& cell = table.cell(row, column);
    if (cell.is_null()) return {};
    if (!cell.is_many()) {
      for (auto& key : keys) key.push_back(cell);
      continue;
    }
    std::vector<std::vector<Value>> next;
    for (const auto& key : keys)
      for (const std::string& value : cell.as_many()) {
        next.push_back(key);
        next.back().emplace_back(value);
      }
    keys = std::move(next);
  }
  return keys;
}

std::vector<std::size_t> find_all(const Table& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> out;
  for (const std::string& name : names) out.push_back(table.find(name));
  return out;
}

// Whether some aggregate is a wildcard over columns that are known only when rows come.
bool has_wildcard(const spl::Stats& verb) {
  for (const spl::Aggregate& a : verb.aggregates)
    if (a.field.find('*') != std::string::npos) return true;
  return false;
}

class Stats final : public Operator {
 public:
  explicit Stats(const spl::Stats& verb) : verb_(verb), wildcard_(has_wildcard(verb)) {}
  bool prepare(const Build& build) { return grouping_.prepare(verb_.aggregates, build); }

  Table push(Table rows) override {
    // Wildcards need to see every column first.
    if (wildcard_) held_.append(std::move(rows));
    else take(rows);
    return {};
  }

  Table finish() override {
    if (wildcard_) {
      grouping_.expand_wildcards(held_.columns, verb_.by);
      take(held_);
    }
    Table out;
    out.columns = verb_.by;
    out.key = verb_.by;
    for (const Grouping::Part& part : grouping_.parts()) out.columns.push_back(part.aggregate.output);
    if (verb_.by.empty() && grouping_.empty()) {   // Splunk: one row, count 0, the rest null
      Row row;
      for (const Grouping::Part& part : grouping_.parts())
        row.cells.push_back(part.aggregate.function == "count" || part.aggregate.function == "dc" ? Value(0.0) : Value());
      out.rows.push_back(std::move(row));
      return out;
    }
    for (Grouping::Group* group : grouping_.sorted()) {
      Row row;
      row.cells = std::move(group->key);
      for (const auto& accumulator : group->accumulators) row.cells.push_back(accumulator->result());
      row.evidence = std::move(group->evidence);
      out.rows.push_back(std::move(row));
    }
    return out;
  }

 private:
  void take(const Table& rows) {
    grouping_.bind(rows.columns);
    const auto by = find_all(rows, verb_.by);
    const std::size_t time_column = rows.find("_time");
    for (const Row& row : rows.rows)
      for (auto& key : keys_of(rows, row, by)) grouping_.add(std::move(key), row, time_of(rows, time_column, row));
  }

  spl::Stats verb_;
  bool wildcard_;
  Grouping grouping_;
  Table held_;
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
        Grouping::Group& group = grouping_.add(std::move(key), row, time_of(all_, time_column, row));
        if (!first) first = &group;
      }
      group_of.push_back(first);
    }
    std::vector<std::size_t> targets;
    for (const Grouping::Part& part : grouping_.parts()) targets.push_back(all_.add_column(part.aggregate.output));
    std::unordered_map<Grouping::Group*, std::vector<Value>> results;
    for (std::size_t r = 0; r < all_.rows.size(); ++r) {
      if (!group_of[r]) continue;
      auto [at, fresh] = results.try_emplace(group_of[r]);
      if (fresh)
        for (const auto& accumulator : group_of[r]->accumulators) at->second.push_back(accumulator->result());
      for (std::size_t k = 0; k < targets.size(); ++k) all_.rows[r].cells[targets[k]] = at->second[k];
    }
    return std::move(all_);
  }

 private:
  spl::Stats verb_;
  Grouping grouping_;
  Table all_;
};

// Running aggregates: each row sees the rows before it (and itself, unless current=false).
class StreamStats final : public Operator {
 public:
  explicit StreamStats(const spl::Stats& verb, const Build& build) : verb_(verb), limits_(build.context.limits) {}
  bool prepare(const Build& build) {
    Grouping check;
    if (!check.prepare(verb_.aggregates, build)) return false;
    for (const Grouping::Part& part : check.parts()) {
      std::unique_ptr<Evaluator> expression;
      if (part.aggregate.expression) expression = Evaluator::compile(*part.aggregate.expression, build.context, build.problems);
      expressions_.push_back(std::move(expression));
    }
    return true;
  }

  Table push(Table rows) override {
    const auto by = find_all(rows, verb_.by);
    std::vector<std::size_t> sources;
    for (std::size_t k = 0; k < verb_.aggregates.size(); ++k) {
      sources.push_back(rows.find(verb_.aggregates[k].field));
      if (expressions_[k]) expressions_[k]->bind(rows.columns);
    }
    const std::size_t time_column = rows.find("_time");
    std::vector<std::size_t> targets;
    for (const spl::Aggregate& a : verb_.aggregates) targets.push_back(rows.add_column(a.output));
    for (Row& row : rows.rows) {
      auto keys = keys_of(rows, row, by);
      if (keys.empty()) continue;
      std::string key;
      for (const Value& v : keys.front()) key += std::to_string(v.text().size()) + ":" + v.text();
      if (verb_.reset_on_change && key != last_key_) history_.clear();
      last_key_ = key;
      std::deque<Seen>& seen = history_[verb_.global && verb_.window ? std::string() : key];
      Seen now{key, {}, time_of(rows, time_column, row)};
      for (std::size_t k = 0; k < sources.size(); ++k) {
        if (expressions_[k]) {
          const EvalResult r = expressions_[k]->evaluate(row);
          now.values.push_back(r.is_truth ? (r.holds() ? Value(1.0) : Value()) : r.value);
        } else {
          now.values.push_back(rows.cell(row, sources[k]));
        }
      }
      if (verb_.current) seen.push_back(now);
      trim(seen, now);
      for (std::size_t k = 0; k < targets.size(); ++k) {
        auto accumulator = make_accumulator(verb_.aggregates[k], limits_);
        bool any = false;
        for (const Seen& s : seen)
          if (s.key == key && !(expressions_[k] && s.values[k].is_null())) accumulator->add(s.values[k], s.time), any = true;
        row.cells[targets[k]] = any || verb_.aggregates[k].function == "count" ? accumulator->result() : Value();
      }
      if (!verb_.current) seen.push_back(now);
    }
    return rows;
  }

 private:
  struct Seen {
    std::string key;
    std::vector<Value> values;
    std::optional<double> time;
  };
  void trim(std::deque<Seen>& seen, const Seen& now) {
    if (verb_.window > 0)
      while (seen.size() > static_cast<std::size_t>(verb_.window)) seen.pop_front();
    if (verb_.time_window && now.time) {
      const double oldest = *now.time - static_cast<double>(verb_.time_window->microseconds) / 1e6;
      std::erase_if(seen, [&](const Seen& s) { return s.time && *s.time < oldest; });
    }
  }
  spl::Stats verb_;
  Limits limits_;
  std::vector<std::unique_ptr<Evaluator>> expressions_;
  std::unordered_map<std::string, std::deque<Seen>> history_;
  std::string last_key_;
};

template <class Op>
OperatorPtr prepared(std::unique_ptr<Op> op, const Build& build) {
  if (!op->prepare(build)) return nullptr;
  return op;
}

}  // namespace

OperatorPtr make_stats(const spl::Stats& verb, const Build& build) {
  switch (verb.mode) {
    case spl::Stats::Mode::stats: return prepared(std::make_unique<Stats>(verb), build);
    case spl::Stats::Mode::eventstats: return prepared(std::make_unique<EventStats>(verb), build);
    case spl::Stats::Mode::streamstats: return prepared(std::make_unique<StreamStats>(verb, build), build);
  }
  return nullptr;
}

}  // namespace escudo::pipeline
