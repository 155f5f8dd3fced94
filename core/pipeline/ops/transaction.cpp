// transaction: events that share values become one row. Events come newest first, as in Splunk, so
// the end of a transaction is seen before its start:
//
//   endswith     an event it matches opens a transaction; others open none (they are orphans)
//   startswith   an event it matches closes the open transaction it belongs to
//   maxspan, maxpause, maxevents   close a transaction that would grow past them
//
// With startswith or endswith only transactions that have both their ends come out
// (keepevicted=true: all). An event belongs to an open transaction when they share the value of a
// field and differ in none; with connected=false sharing none is enough. The row has each field's
// distinct values, `duration`, `eventcount`, `closed_txn` and the _time of its earliest event.
// Holds all rows.
#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

#include "pipeline/eval.hpp"
#include "pipeline/ops/multivalue.hpp"
#include "pipeline/ops/ops.hpp"
#include "pipeline/ops/row_filter.hpp"

namespace escudo::pipeline {
namespace {

// startswith= or endswith=, in either of their forms.
class Boundary {
 public:
  bool prepare(const std::optional<spl::SearchExpr>& search,
               const std::optional<spl::Expr>& expression, const Build& build) {
    if (search) filter_.emplace(*search);
    if (!expression) return true;
    evaluator_ = Evaluator::compile(*expression, build.context, build.problems);
    return evaluator_ != nullptr;
  }
  bool given() const { return filter_ || evaluator_; }
  void bind(const std::vector<std::string>& columns) {
    if (filter_) filter_->bind(columns);
    if (evaluator_) evaluator_->bind(columns);
  }
  bool matches(const Row& row) const {
    if (filter_) return filter_->matches(row);
    return evaluator_ && evaluator_->evaluate(row).holds();
  }

 private:
  std::optional<RowFilter> filter_;
  std::unique_ptr<Evaluator> evaluator_;
};

double seconds(const spl::TimeSpan& span) {
  return static_cast<double>(span.microseconds) / 1e6 + span.months * 30 * 86400.0;
}

class Transactions final : public Operator {
 public:
  explicit Transactions(const spl::Transaction& verb)
      : verb_(verb), by_value_(verb.fields.size()) {}

  bool prepare(const Build& build) {
    return start_.prepare(verb_.starts_with, verb_.starts_with_eval, build) &&
           end_.prepare(verb_.ends_with, verb_.ends_with_eval, build);
  }

  Table push(Table rows) override {
    all_.append(std::move(rows));
    return {};
  }

  Table finish() override {
    start_.bind(all_.columns);
    end_.bind(all_.columns);
    time_ = all_.find("_time");
    for (const std::string& field : verb_.fields) fields_.push_back(all_.find(field));
    for (std::size_t r : newest_first()) take(r);
    return result();
  }

 private:
  using Keys = std::vector<std::optional<std::string>>;
  struct Group {
    std::vector<std::size_t> rows;  // newest first
    Keys keys;                      // what its rows have in the fields so far
    std::optional<double> newest, oldest;
    bool open = true, started = false, ended = false;
    bool closed = false;  // by a condition, not by the end of the input
  };
  // Splunk keeps that many transactions open; here it bounds the search for one without a shared
  // field.
  static constexpr std::size_t kMostOpen = 5'000;

  std::vector<std::size_t> newest_first() const {
    std::vector<std::size_t> order(all_.rows.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const auto x = time_of(a), y = time_of(b);
      if (!x || !y) return x.has_value() && !y.has_value();
      return *x > *y;
    });
    return order;
  }
  std::optional<double> time_of(std::size_t row) const {
    return all_.cell(all_.rows[row], time_).number();
  }

  void take(std::size_t r) {
    const Row& row = all_.rows[r];
    Keys keys;
    for (std::size_t column : fields_) {
      const Value& cell = all_.cell(row, column);
      keys.push_back(cell.is_null() ? std::nullopt : std::optional(cell.text()));
    }
    const bool starts = start_.given() && start_.matches(row);
    const bool ends = end_.given() && end_.matches(row);
    Group* group = find(keys);
    if (group && !fits(*group, r)) {
      group->open = false;
      group->closed = true;
      group = nullptr;
    }
    if (group && ends && !starts) {  // the end of an earlier one
      group->open = false;
      group = nullptr;
    }
    if (!group) {
      if (end_.given() && !ends) return orphans_.push_back(r);
      if (!fields_.empty() &&
          std::none_of(keys.begin(), keys.end(), [](const auto& k) { return k.has_value(); }) &&
          verb_.connected)
        return orphans_.push_back(r);
      groups_.push_back(std::make_unique<Group>());
      group = groups_.back().get();
      group->keys.resize(fields_.size());
      group->ended = ends;
      add(*group, r, keys);
      if (starts && !end_.given()) close_at_start(*group);
    } else {
      add(*group, r, keys);
      if (starts) close_at_start(*group);
    }
    if (verb_.max_events > 0 && group->rows.size() >= static_cast<std::size_t>(verb_.max_events) &&
        group->open) {
      group->open = false;
      group->closed = true;
    }
  }

  static void close_at_start(Group& group) {
    group.started = group.closed = true;
    group.open = false;
  }

  void add(Group& group, std::size_t r, const Keys& keys) {
    group.rows.push_back(r);
    if (const auto t = time_of(r)) {
      if (!group.newest) group.newest = t;
      group.oldest = t;
    }
    for (std::size_t k = 0; k < keys.size(); ++k)
      if (keys[k] && !group.keys[k]) {
        group.keys[k] = keys[k];
        by_value_[k][*keys[k]].push_back(&group);
      }
  }

  bool fits(const Group& group, std::size_t r) const {
    const auto t = time_of(r);
    if (!t || !group.oldest) return true;
    if (verb_.max_span && *group.newest - *t > seconds(*verb_.max_span)) return false;
    return !verb_.max_pause || *group.oldest - *t <= seconds(*verb_.max_pause);
  }

  static bool consistent(const Group& group, const Keys& keys) {
    for (std::size_t k = 0; k < keys.size(); ++k)
      if (keys[k] && group.keys[k] && *keys[k] != *group.keys[k]) return false;
    return true;
  }

  // The open transaction an event belongs to: the youngest of those that share a value and differ
  // in none.
  Group* find(const Keys& keys) {
    if (fields_.empty())
      return groups_.empty() || !groups_.back()->open ? nullptr : groups_.back().get();
    for (std::size_t k = 0; k < keys.size(); ++k) {
      if (!keys[k]) continue;
      const auto found = by_value_[k].find(*keys[k]);
      if (found == by_value_[k].end()) continue;
      std::erase_if(found->second, [](const Group* g) { return !g->open; });
      for (auto g = found->second.rbegin(); g != found->second.rend(); ++g)
        if (consistent(**g, keys)) return *g;
    }
    if (verb_.connected) return nullptr;
    std::size_t looked = 0;
    for (auto g = groups_.rbegin(); g != groups_.rend() && looked < kMostOpen; ++g, ++looked)
      if ((*g)->open && consistent(**g, keys)) return g->get();
    return nullptr;
  }

  bool is_complete(const Group& group) const {
    return (!start_.given() || group.started) && (!end_.given() || group.ended);
  }

  Table result() {
    Table out;
    out.columns = all_.columns;
    out.key = verb_.fields;
    out.key.push_back("_time");
    const std::size_t time = out.add_column("_time");
    const std::size_t duration = out.add_column("duration");
    const std::size_t count = out.add_column("eventcount");
    const std::size_t closed = out.add_column("closed_txn");
    for (const auto& group : groups_) {
      if (!is_complete(*group) && !verb_.keep_evicted) continue;
      Row row = merged(*group, out.columns.size());
      row.cells[time] = group->oldest ? Value(*group->oldest) : Value();
      row.cells[duration] = group->oldest ? *group->newest - *group->oldest : 0.0;
      row.cells[count] = static_cast<double>(group->rows.size());
      row.cells[closed] = group->closed ? 1.0 : 0.0;
      out.rows.push_back(std::move(row));
    }
    if (!verb_.keep_orphans) return out;
    const std::size_t orphan = out.add_column("_txn_orphan");
    for (std::size_t r : orphans_) {
      Row row = std::move(all_.rows[r]);
      row.cells.resize(out.columns.size());
      row.cells[orphan] = 1.0;
      out.rows.push_back(std::move(row));
    }
    return out;
  }

  Row merged(const Group& group, std::size_t width) const {
    Row out;
    out.cells.resize(width);
    for (std::size_t c = 0; c < all_.columns.size(); ++c) {
      const bool list = verb_.mv_list || all_.columns[c] == "_raw";
      Value::Many values;
      const Value* only = nullptr;
      for (auto r = group.rows.rbegin(); r != group.rows.rend(); ++r) {  // oldest first
        const Value& cell = all_.rows[*r].cells[c];
        if (!cell.is_null()) only = &cell;
        append_values(values, cell);
      }
      if (!list) {
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
      }
      // A number that all agree on stays one.
      if (values.size() == 1)
        out.cells[c] = *only;
      else
        out.cells[c] = Value::many(std::move(values));
      if (all_.columns[c] == "_raw" && out.cells[c].is_many())
        out.cells[c] = Value(out.cells[c].text());
    }
    for (std::size_t r : group.rows) out.evidence.merge(all_.rows[r].evidence);
    return out;
  }

  spl::Transaction verb_;
  Boundary start_, end_;
  Table all_;
  std::size_t time_ = Table::npos;
  std::vector<std::size_t> fields_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<std::unordered_map<std::string, std::vector<Group*>>> by_value_;  // a map a field
  std::vector<std::size_t> orphans_;
};

}  // namespace

OperatorPtr make_transaction(const spl::Transaction& verb, const Build& build) {
  auto out = std::make_unique<Transactions>(verb);
  if (!out->prepare(build)) return nullptr;
  return out;
}

}  // namespace escudo::pipeline
