// streamstats: running aggregates: each row gets those of the rows before it and, unless
// current=false, its own. Without a window an aggregate is kept a key and grows by each row; with
// one, the rows of the window are kept and gone over. time_window= reaches from the row towards
// those that came before it, whichever way the rows' times run.
#include <cmath>
#include <deque>

#include "pipeline/ops/group.hpp"
#include "pipeline/ops/multivalue.hpp"

namespace escudo::pipeline {
namespace {

using Accumulators = std::vector<std::unique_ptr<Accumulator>>;

class StreamStats final : public Operator {
 public:
  StreamStats(const spl::Stats& verb, const Build& build)
      : verb_(verb), limits_(build.context.limits) {}

  bool prepare(const Build& build) {
    Grouping check;
    if (!check.prepare(verb_.aggregates, build)) return false;
    for (Grouping::Part& part : check.parts()) {
      if (part.column.find('*') != std::string::npos) {
        build.fail(part.aggregate.span, "unsupported-command",
                   "streamstats takes no wildcard in " + part.aggregate.output);
        return false;
      }
      expressions_.push_back(std::move(part.expression));
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
      const auto keys = keys_of(rows, row, by);
      if (keys.empty()) continue;
      Seen now;
      for (const Value& v : keys.front()) append_key(now.key, v);
      now.time = time_of(rows, time_column, row);
      for (std::size_t k = 0; k < sources.size(); ++k)
        now.values.push_back(value_of(rows, row, k, sources[k]));
      if (verb_.reset_on_change && now.key != last_key_) {
        running_.clear();
        windows_.clear();
      }
      last_key_ = now.key;
      const std::vector<Value> results =
          verb_.window > 0 || verb_.time_window ? windowed(std::move(now)) : grown(now);
      for (std::size_t k = 0; k < targets.size(); ++k) row.cells[targets[k]] = results[k];
    }
    return rows;
  }

 private:
  struct Seen {
    std::string key;
    std::vector<Value> values;
    std::optional<double> time;
  };
  struct Running {
    Accumulators accumulators;
    std::uint64_t rows = 0;
  };

  Value value_of(const Table& rows, const Row& row, std::size_t k, std::size_t source) {
    if (!expressions_[k]) return rows.cell(row, source);
    EvalResult r = expressions_[k]->evaluate(row);
    if (!r.is_truth) return std::move(r.value);
    return r.holds() ? Value(1.0) : Value();
  }

  Running fresh() const {
    Running out;
    for (const spl::Aggregate& a : verb_.aggregates)
      out.accumulators.push_back(make_accumulator(a, limits_));
    return out;
  }

  void add(Running& running, const Seen& seen) const {
    ++running.rows;
    for (std::size_t k = 0; k < seen.values.size(); ++k)
      running.accumulators[k]->add(seen.values[k], seen.time);
  }

  std::vector<Value> results(const Running& running) const {
    std::vector<Value> out;
    for (std::size_t k = 0; k < running.accumulators.size(); ++k) {
      const bool counts = verb_.aggregates[k].function == "count";
      out.push_back(running.rows > 0 || counts ? running.accumulators[k]->result() : Value());
    }
    return out;
  }

  std::vector<Value> grown(const Seen& now) {
    const auto [at, is_new] = running_.try_emplace(now.key);
    if (is_new) at->second = fresh();
    if (verb_.current) add(at->second, now);
    std::vector<Value> out = results(at->second);
    if (!verb_.current) add(at->second, now);
    return out;
  }

  std::vector<Value> windowed(Seen now) {
    // A global window counts rows of any key and takes those of this one.
    std::deque<Seen>& window = windows_[verb_.global && verb_.window > 0 ? std::string() : now.key];
    const std::string key = now.key;
    const auto time = now.time;
    if (verb_.current) window.push_back(now);
    if (verb_.window > 0)
      while (window.size() > static_cast<std::size_t>(verb_.window)) window.pop_front();
    if (verb_.time_window && time) {
      const double reach = static_cast<double>(verb_.time_window->microseconds) / 1e6;
      while (!window.empty() && window.front().time &&
             std::abs(*window.front().time - *time) > reach)
        window.pop_front();
    }
    Running running = fresh();
    for (const Seen& seen : window)
      if (seen.key == key) add(running, seen);
    if (!verb_.current) window.push_back(std::move(now));
    return results(running);
  }

  spl::Stats verb_;
  Limits limits_;
  std::vector<std::unique_ptr<Evaluator>> expressions_;
  std::unordered_map<std::string, Running> running_;
  std::unordered_map<std::string, std::deque<Seen>> windows_;
  std::string last_key_;
};

}  // namespace

OperatorPtr make_streamstats(const spl::Stats& verb, const Build& build) {
  auto out = std::make_unique<StreamStats>(verb, build);
  if (!out->prepare(build)) return nullptr;
  return out;
}

}  // namespace escudo::pipeline
