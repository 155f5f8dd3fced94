// tstats … by …: groups the events of a data model. Null BY fields take the fill value, or drop the
// row where no fill was given. The dataset's prefix stays on the columns, as in Splunk.
#include <algorithm>
#include <cmath>

#include "pipeline/ops/group.hpp"
#include "pipeline/ops/time_bucket.hpp"

namespace escudo::pipeline {
namespace {

class Tstats final : public Operator {
 public:
  explicit Tstats(const spl::Tstats& verb) : verb_(verb) {}

  bool prepare(const Build& build) {
    feed_ = build.feed;
    std::vector<spl::Aggregate> aggregates = verb_.aggregates;
    for (spl::Aggregate& a : aggregates) a.field = plain(a.field);
    for (const std::string& b : verb_.by) by_.push_back(plain(b));
    grouping_.name_keys(verb_.by);
    return grouping_.prepare(aggregates, build);
  }

  GroupStates* groups() override { return &grouping_; }

  Table push(Table rows) override {
    grouping_.bind(rows.columns);
    std::vector<std::size_t> by;
    for (const std::string& b : by_) by.push_back(rows.find(b));
    const std::size_t time_column = rows.find("_time");
    for (const Row& row : rows.rows) {
      keys_.assign(1, {});
      for (std::size_t k = 0; k < by.size() && !keys_.empty(); ++k)
        add_key(rows, row, by[k], by_[k] == "_time");
      for (auto& key : keys_) grouping_.add(std::move(key), row, time_of(rows, time_column, row));
    }
    return {};
  }

  Table push_views(const Views& rows) override {
    if (!grouping_.takes_views()) return push(rows.table());
    grouping_.bind(rows);
    std::vector<std::size_t> by;
    for (const std::string& b : by_) by.push_back(rows.find(b));
    for (const ViewRow& row : rows.rows) {
      switch (read_key(row, by)) {
        case Key::none: break;
        case Key::one: grouping_.add(parts_, row); break;
        case Key::several: push({*rows.columns, {rows.row(row)}, {}}); grouping_.bind(rows); break;
      }
    }
    return {};
  }

  bool count_groups(const Views& rows, std::unordered_set<std::uint64_t>& groups, std::uint64_t& more) override {
    std::vector<std::size_t> by;
    for (const std::string& b : by_) by.push_back(rows.find(b));
    for (const ViewRow& row : rows.rows) {
      const Key kind = read_key(row, by);
      if (kind == Key::one) {
        std::uint64_t hash = 0;
        for (const Grouping::KeyPart& part : parts_) {
          const std::uint64_t one = part.number ? std::hash<double>{}(*part.number) : std::hash<std::string_view>{}(part.text);
          hash = (hash ^ one) * 0x9E3779B97F4A7C15u;
          hash ^= hash >> 32;
        }
        groups.insert(hash);
      } else if (kind == Key::several) {
        std::uint64_t product = 1;
        for (const std::size_t column : by)
          if (column != Table::npos && product < UINT32_MAX) product *= std::max<std::size_t>(row.cells[column].size(), 1);
        more += product;
      }
    }
    return true;
  }

  void finish_into(const Give& give) override {
    Table out;
    out.columns = verb_.by;
    out.key = verb_.by;
    for (const spl::Aggregate& a : verb_.aggregates) out.columns.push_back(a.output);
    if (verb_.by.empty() && grouping_.empty()) {  // Splunk: one row, count 0, the rest null
      Row row;
      for (const spl::Aggregate& a : verb_.aggregates)
        row.cells.push_back(a.function == "count" || a.function == "dc" ? Value(0.0) : Value());
      out.rows.push_back(std::move(row));
      return give(std::move(out));
    }
    grouping_.give_rows(std::move(out), give);
  }

 private:
  std::string plain(const std::string& field) const {
    if (!feed_) return field;
    auto at = feed_->plain.find(field);
    return at == feed_->plain.end() ? field : at->second;
  }

  enum class Key { none, one, several };
  Key read_key(const ViewRow& row, const std::vector<std::size_t>& by) {
    parts_.clear();
    for (std::size_t k = 0; k < by.size(); ++k) {
      Grouping::KeyPart& part = parts_.emplace_back();
      if (by_[k] == "_time") {
        if (!row.has_time || by[k] == Table::npos) return Key::none;
        const double t = base::to_epoch_seconds(row.time);
        part.number = verb_.time_span ? floor_time(t, *verb_.time_span) : t;
        continue;
      }
      const std::size_t values = by[k] == Table::npos ? 0 : row.cells[by[k]].size();
      if (values > 1) return Key::several;
      if (values == 1) part.text = row.cells[by[k]].front();
      else if (verb_.fill_null) part.text = *verb_.fill_null;
      else return Key::none;
    }
    return Key::one;
  }

  // Extends every key so far by each value of the column: a multivalue counts once a value.
  void add_key(const Table& table, const Row& row, std::size_t column, bool is_time) {
    const Value& cell = table.cell(row, column);
    if (is_time) {
      auto t = cell.number();
      Value bucket;
      if (t) bucket = verb_.time_span ? floor_time(*t, *verb_.time_span) : *t;
      if (!t) keys_.clear();
      for (auto& key : keys_) key.push_back(bucket);
      return;
    }
    Value::Many values = cell.values();
    if (values.empty()) {
      if (!verb_.fill_null) {
        keys_.clear();
        return;
      }
      values.push_back(*verb_.fill_null);
    }
    std::vector<std::vector<Value>> next;
    for (auto& key : keys_)
      for (std::size_t v = 0; v < values.size(); ++v) {
        std::vector<Value> longer = v + 1 == values.size() ? std::move(key) : key;
        longer.emplace_back(values[v]);
        next.push_back(std::move(longer));
      }
    keys_ = std::move(next);
  }

  spl::Tstats verb_;
  const spl::Feed* feed_ = nullptr;
  std::vector<std::string> by_;
  Grouping grouping_;
  std::vector<std::vector<Value>> keys_;
  std::vector<Grouping::KeyPart> parts_;
};

}  // namespace

OperatorPtr make_tstats(const spl::Tstats& verb, const Build& build) {
  auto out = std::make_unique<Tstats>(verb);
  if (!out->prepare(build)) return nullptr;
  return out;
}

}  // namespace escudo::pipeline
