// Verbs that put rows together: stats and its kin, timechart, mvcombine, transaction.
#include <algorithm>
#include <deque>

#include "aggregate.hpp"
#include "expression.hpp"
#include "filter.hpp"
#include "interpreter.hpp"

namespace escudo::twin {
namespace {

using Groups = std::map<std::vector<Value>, std::vector<const Row*>, KeyOrder>;

Rows streamed(const spl::Stats& verb, Rows rows, base::Time now) {
  // What a row sees: those of its key before it (and itself), as the window allows. The key texts of
  // rows that came, in order.
  struct Past {
    Row row;
    std::vector<Value> key;
  };
  std::vector<Past> past;
  const auto names = names_of(rows);
  std::vector<Value> last_key;
  for (Row& row : rows) {
    const auto keys = keys_of(row, verb.by);
    if (keys.empty()) continue;
    const Row original = row;
    const auto& key = keys.front();
    const auto same = [](const std::vector<Value>& a, const std::vector<Value>& b) {
      return !KeyOrder{}(a, b) && !KeyOrder{}(b, a);
    };
    if (verb.reset_on_change && !past.empty() && !same(key, last_key)) past.clear();
    last_key = key;
    std::vector<const Past*> window;
    for (const Past& p : past)
      if ((verb.global && verb.window > 0) || same(p.key, key)) window.push_back(&p);
    Past self{original, key};
    if (verb.current) window.push_back(&self);
    if (verb.window > 0 && window.size() > static_cast<std::size_t>(verb.window))
      window.erase(window.begin(), window.end() - verb.window);
    if (verb.time_window) {
      const auto t = original.get("_time").number();
      while (t && !window.empty()) {
        const auto s = window.front()->row.get("_time").number();
        if (!s || std::abs(*s - *t) <= seconds_of(*verb.time_window)) break;
        window.erase(window.begin());
      }
    }
    std::vector<const Row*> members;
    for (const Past* p : window)
      if (same(p->key, key)) members.push_back(&p->row);
    for (const spl::Aggregate& a : verb.aggregates)
      row.set(a.output, members.empty() && a.function != "count" ? Value() : aggregated(a, members, names, now));
    past.push_back(std::move(self));
  }
  return rows;
}

}  // namespace

Rows Interpreter::operator()(const spl::Stats& verb, Rows rows) {
  if (verb.mode == spl::Stats::Mode::streamstats) return streamed(verb, std::move(rows), world_.now);
  const auto names = names_of(rows);
  const auto aggregates = without_wildcards(verb.aggregates, names, verb.by);
  Groups groups;
  for (const Row& row : rows)
    for (auto& key : keys_of(row, verb.by)) groups[key].push_back(&row);
  const auto results = [&](const std::vector<const Row*>& members) {
    Fields out;
    for (const spl::Aggregate& a : aggregates)
      out[a.output] = members.empty() ? aggregated_nothing(a) : aggregated(a, members, names, world_.now);
    return out;
  };
  if (verb.mode == spl::Stats::Mode::eventstats) {
    std::map<std::vector<Value>, Fields, KeyOrder> done;
    for (const auto& [key, members] : groups) done[key] = results(members);
    for (Row& row : rows) {
      const auto keys = keys_of(row, verb.by);
      if (keys.empty()) continue;
      for (const auto& [name, value] : done[keys.front()]) row.set(name, value);
    }
    return rows;
  }
  if (verb.by.empty() && groups.empty()) groups[{}];
  Rows out;
  for (const auto& [key, members] : groups) {
    Row row;
    for (std::size_t k = 0; k < verb.by.size(); ++k) row.set(verb.by[k], key[k]);
    for (const auto& [name, value] : results(members)) row.set(name, value);
    for (const Row* member : members) row.records.insert(member->records.begin(), member->records.end());
    out.push_back(std::move(row));
  }
  return out;
}

Rows Interpreter::operator()(const spl::Timechart& verb, Rows rows) {
  if (!verb.span) throw Unfit{"the twin charts by span= only"};
  const auto names = names_of(rows);
  std::vector<spl::Aggregate> aggregates = verb.aggregates;
  if (aggregates.empty()) {
    aggregates.emplace_back();
    aggregates.back().function = aggregates.back().output = "count";
  }
  // bucket -> series -> rows
  std::map<double, std::map<std::string, std::vector<const Row*>>> chart;
  std::map<double, std::set<Record>> records;
  for (const Row& row : rows) {
    const auto t = row.get("_time").number();
    if (!t) continue;
    std::vector<std::string> series{""};
    if (!verb.by.empty()) {
      series = row.get(verb.by).values();
      if (series.empty() && verb.use_null) series = {verb.null_name};
    }
    for (const std::string& name : series) {
      chart[floored(*t, *verb.span)][name].push_back(&row);
      records[floored(*t, *verb.span)].insert(row.records.begin(), row.records.end());
    }
  }
  // The series with the greatest sums of the first aggregate stay; NULL has a place of its own.
  std::map<std::string, double> scores;
  for (const auto& [bucket, series] : chart)
    for (const auto& [name, members] : series)
      scores[name] += aggregated(aggregates.front(), members, names, world_.now).number().value_or(0);
  std::vector<std::string> kept;
  for (const auto& [name, score] : scores)
    if (verb.by.empty() || name != verb.null_name || !verb.use_null) kept.push_back(name);
  std::stable_sort(kept.begin(), kept.end(), [&](const std::string& a, const std::string& b) { return scores[a] > scores[b]; });
  if (verb.limit > 0 && kept.size() > static_cast<std::size_t>(verb.limit)) kept.resize(static_cast<std::size_t>(verb.limit));
  std::set<std::string> shown(kept.begin(), kept.end());
  if (!verb.by.empty() && verb.use_null && scores.contains(verb.null_name)) shown.insert(verb.null_name);
  std::set<std::string> columns = shown;
  std::map<double, Fields> out;
  std::map<double, std::map<std::string, std::vector<const Row*>>> folded;
  for (const auto& [bucket, series] : chart)
    for (const auto& [name, members] : series) {
      if (!shown.contains(name) && !verb.use_other) continue;
      const std::string to = shown.contains(name) ? name : verb.other_name;
      columns.insert(to);
      auto& all = folded[bucket][to];
      all.insert(all.end(), members.begin(), members.end());
    }
  Rows result;
  const auto row_of = [&](double bucket) {
    Row row;
    row.set("_time", bucket);
    for (const spl::Aggregate& a : aggregates)
      for (const std::string& name : columns) {
        const std::string column = verb.by.empty() ? a.output : aggregates.size() == 1 ? name : a.output + ": " + name;
        const auto members = folded[bucket].find(name);
        row.set(column, members == folded[bucket].end() ? aggregated_nothing(a) : aggregated(a, members->second, names, world_.now));
      }
    row.records = records[bucket];
    return row;
  };
  std::vector<double> buckets;
  for (const auto& [bucket, series] : chart) buckets.push_back(bucket);
  for (std::size_t k = 0; k < buckets.size(); ++k) {
    if (k > 0 && verb.cont) {
      if (verb.span->months) throw Unfit{"the twin fills no months"};
      constexpr std::size_t most = 50'000;   // Splunk's limit for the rows of a chart
      for (double t = buckets[k - 1] + seconds_of(*verb.span); t < buckets[k] - 1e-6 && result.size() < most; t += seconds_of(*verb.span))
        result.push_back(row_of(t));
    }
    result.push_back(row_of(buckets[k]));
  }
  return result;
}

Rows Interpreter::operator()(const spl::MvCombine& verb, Rows rows) {
  if (!names_of(rows).contains(verb.field)) return rows;
  Rows out;
  std::vector<std::vector<std::string>> values;
  std::map<std::vector<std::pair<std::string, std::string>>, std::size_t> place;
  for (const Row& row : rows) {
    std::vector<std::pair<std::string, std::string>> key;
    for (const auto& [name, value] : row.fields)
      if (name != verb.field) {
        key.emplace_back(name, std::to_string(value.count()));
        for (const std::string& one : value.values()) key.emplace_back(name, one);
      }
    const auto [at, fresh] = place.try_emplace(key, out.size());
    if (fresh) {
      out.push_back(row);
      values.emplace_back();
    }
    for (const std::string& one : row.get(verb.field).values()) values[at->second].push_back(one);
    out[at->second].records.insert(row.records.begin(), row.records.end());
  }
  for (std::size_t k = 0; k < out.size(); ++k)
    if (values[k].size() > 1 || (values[k].size() == 1 && out[k].get(verb.field).is_null()))
      out[k].set(verb.field, Value::many(values[k]));
  return out;
}

// ---- transaction ------------------------------------------------------------------------------

namespace {

struct Transaction {
  std::vector<const Row*> rows;   // newest first
  std::map<std::string, std::string> keys;
  bool open = true, started = false, ended = false, closed = false;

  std::optional<double> time(bool newest) const {
    std::optional<double> out;
    for (const Row* row : rows)
      if (const auto t = row->get("_time").number()) {
        if (!out) out = t;
        else if (!newest) out = t;
      }
    return out;
  }
};

}  // namespace

Rows Interpreter::operator()(const spl::Transaction& verb, Rows rows) {
  const auto names = names_of(rows);
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    const auto x = a.get("_time").number(), y = b.get("_time").number();
    if (!x || !y) return x && !y;
    return *x > *y;
  });
  const auto boundary = [&](const std::optional<spl::SearchExpr>& search, const std::optional<spl::Expr>& expr, const Row& row) {
    if (search) return Filter(*search).matches([&](const std::string& f) { return row.get(f).values(); });
    return expr && evaluate(*expr, {row, names, world_.now}).as_truth() == Truth::yes;
  };
  const bool wants_start = verb.starts_with || verb.starts_with_eval;
  const bool wants_end = verb.ends_with || verb.ends_with_eval;
  std::deque<Transaction> all;
  std::vector<const Row*> orphans;
  for (const Row& row : rows) {
    std::map<std::string, std::string> keys;
    for (const std::string& field : verb.fields)
      if (!row.get(field).is_null()) keys[field] = row.get(field).text();
    const bool starts = boundary(verb.starts_with, verb.starts_with_eval, row);
    const bool ends = boundary(verb.ends_with, verb.ends_with_eval, row);
    // The youngest open transaction that shares a value (if it must) and differs in none. A shared
    // field that is named first weighs most.
    const auto differs = [&](const Transaction& t) {
      return std::any_of(keys.begin(), keys.end(), [&](const auto& k) { return t.keys.contains(k.first) && t.keys.at(k.first) != k.second; });
    };
    Transaction* mine = nullptr;
    if (verb.fields.empty() && !all.empty() && all.back().open) mine = &all.back();
    for (const std::string& field : verb.fields)
      for (auto t = all.rbegin(); !mine && t != all.rend(); ++t)
        if (t->open && keys.contains(field) && t->keys.contains(field) && !differs(*t)) mine = &*t;
    if (!verb.connected && !verb.fields.empty())
      for (auto t = all.rbegin(); !mine && t != all.rend(); ++t)
        if (t->open && !differs(*t)) mine = &*t;
    if (mine) {
      const auto t = row.get("_time").number(), newest = mine->time(true), oldest = mine->time(false);
      const bool late = t && oldest && ((verb.max_span && *newest - *t > seconds_of(*verb.max_span)) ||
                                        (verb.max_pause && *oldest - *t > seconds_of(*verb.max_pause)));
      if (late) {
        mine->open = false;
        mine->closed = true;
        mine = nullptr;
      }
    }
    if (mine && ends && !starts) {
      mine->open = false;
      mine = nullptr;
    }
    if (!mine) {
      if ((wants_end && !ends) || (!verb.fields.empty() && keys.empty() && verb.connected)) {
        orphans.push_back(&row);
        continue;
      }
      mine = &all.emplace_back();
      mine->ended = ends;
      mine->rows.push_back(&row);
      if (starts && !wants_end) mine->open = false, mine->started = mine->closed = true;
    } else {
      mine->rows.push_back(&row);
      if (starts) mine->open = false, mine->started = mine->closed = true;
    }
    mine->keys.insert(keys.begin(), keys.end());
    if (verb.max_events > 0 && mine->rows.size() >= static_cast<std::size_t>(verb.max_events) && mine->open) {
      mine->open = false;
      mine->closed = true;
    }
  }
  Rows out;
  for (const Transaction& t : all) {
    const bool complete = (!wants_start || t.started) && (!wants_end || t.ended);
    if (!complete && !verb.keep_evicted) continue;
    Row row;
    for (const std::string& name : names) {
      std::vector<std::string> values;
      const Value* only = nullptr;
      for (auto r = t.rows.rbegin(); r != t.rows.rend(); ++r) {
        const Value& cell = (*r)->get(name);
        if (!cell.is_null()) only = &cell;
        for (const std::string& one : cell.values()) values.push_back(one);
      }
      if (!verb.mv_list && name != "_raw") {
        const std::set<std::string> distinct(values.begin(), values.end());
        values.assign(distinct.begin(), distinct.end());
      }
      Value value = values.size() == 1 ? *only : Value::many(values);
      if (name == "_raw" && value.is_many()) value = value.text();
      row.set(name, value);
    }
    const auto newest = t.time(true), oldest = t.time(false);
    row.set("_time", oldest ? Value(*oldest) : Value());
    row.set("duration", oldest ? *newest - *oldest : 0.0);
    row.set("eventcount", static_cast<double>(t.rows.size()));
    row.set("closed_txn", t.closed ? 1.0 : 0.0);
    for (const Row* r : t.rows) row.records.insert(r->records.begin(), r->records.end());
    out.push_back(std::move(row));
  }
  if (verb.keep_orphans)
    for (const Row* r : orphans) {
      out.push_back(*r);
      out.back().set("_txn_orphan", 1.0);
    }
  return out;
}

}  // namespace escudo::twin
