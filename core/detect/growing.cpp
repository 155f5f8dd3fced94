// Tested by tests/unit/runtime/tail_test.cpp and, against scan, by tests/tail.
#include "detect/growing.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "detect/row_finding.hpp"

namespace escudo::detect {
namespace {

std::int64_t minute_of(base::Time time) { return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count(); }

}  // namespace

Growing::Growing(const CompiledRule& rule, bool grouped, const pipeline::Context& context, LiveState& state,
                 LiveRecords& records, RiskHistory& history)
    : rule_(rule), state_(state), records_(records), history_(history), keeps_risk_(history.wants(rule)),
      throttle_(*rule.rule, state), context_(context), sweep_(state, 0) {
  context_.search = rule.rule->name;
  std::vector<spl::TextProblem> problems;
  stream_ = pipeline::Stream::build(*rule.plan, *rule.plan->root, context_, problems);
  assert(stream_);   // the RuleBook built it once already
  const std::string name = rule.rule->id + "|" + rule.rule->name;
  space_ = state.space("group|" + name);
  waiting_space_ = state.space("waiting|" + name);
  sweep_ = Sweep(state, space_);
  if (!grouped) return;
  groups_ = stream_->groups();
  assert(groups_);   // streaming_of() saw it
  groups_->watch([this](const std::string& key) { return recall(key); });
  restore_waiting();
}

void Growing::push(pipeline::Table rows, Tick now) {
  if (groups_ && keeps_risk_) return push_by_minutes(std::move(rows), now);
  stream_->push(std::move(rows));
  if (groups_) {
    changed(now, {});
  } else if (pipeline::Table out = stream_->take_ready(); !out.rows.empty()) {
    tell_rows(std::move(out));
  }
}

// So that it is known in which minutes each group had events: correlations ask for windows of them.
void Growing::push_by_minutes(pipeline::Table rows, Tick now) {
  for (std::size_t k = 0; k < rows.rows.size();) {
    pipeline::Table part;
    part.columns = rows.columns;
    std::optional<base::Time> time;
    const auto of = [&](const pipeline::Row& row) { return row.evidence.timed ? std::optional(row.evidence.last) : std::nullopt; };
    for (; k < rows.rows.size(); ++k) {
      const auto next = of(rows.rows[k]);
      if (!part.rows.empty() && (next.has_value() != time.has_value() || (next && minute_of(*next) != minute_of(*time)))) break;
      time = time ? std::max(*time, *next) : next;
      part.rows.push_back(std::move(rows.rows[k]));
    }
    stream_->push(std::move(part));
    changed(now, time);
  }
}

// A row is a finding of its own; one that was told before, equal in all its fields, is the same.
void Growing::tell_rows(pipeline::Table rows) {
  for (pipeline::Row& row : rows.rows) {
    findings::Finding f = row_finding(rule_, rows, row, {}, [&](std::uint64_t n) { return records_.by_number[n]; });
    auto [at, fresh] = seen_rows_.try_emplace(f.finding_id);
    SeenRow& seen = at->second;
    bool again = !fresh;
    if (const auto saved = fresh ? state_.get(space_, f.finding_id) : std::nullopt) {
      again = true;
      base::Unpacker in(*saved);
      in.signed_number();   // when it came last
      seen.told = in.at_end() || in.flag();
    }
    if (f.last_time) seen.last = seen.last ? std::max(*seen.last, *f.last_time) : *f.last_time;
    if (!again || keeps_risk_) ready_.push_back({std::move(f), again});
  }
}

void Growing::changed(Tick now, std::optional<base::Time> time) {
  for (std::string& key : groups_->take_changed()) {
    Told& told = told_[key];
    if (time) {
      base::Time& last = told.minutes[minute_of(*time)];
      last = std::max(last, *time);
    }
    if (!told.waits) {
      told.waits = true;
      due_.emplace(told.last ? std::max(now, *told.last + kBetweenRevisions) : now, key);
    }
    unsaved_.insert(std::move(key));
  }
}

void Growing::take(Tick now, base::Time event_time, bool all, std::vector<findings::Finding>& out) {
  for (auto& [f, again] : ready_) {
    SeenRow& seen = seen_rows_[f.finding_id];
    if (again) {
      if (seen.told) history_.keep_row(f);
    } else if (throttle_.admits(f, event_time)) {
      seen.told = true;
      if (keeps_risk_) history_.keep_row(f);
      out.push_back(std::move(f));
    } else {
      ++throttled_;
    }
  }
  ready_.clear();
  while (!due_.empty() && (all || due_.begin()->first <= now)) {
    const std::string key = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    if (tell(key, now, event_time, out)) continue;
    // The key itself is filtered out, now and for ever: nothing to keep.
    groups_->forget(key);
    told_.erase(key);
    unsaved_.erase(key);
  }
}

bool Growing::tell(const std::string& key, Tick now, base::Time event_time, std::vector<findings::Finding>& out) {
  pipeline::Table rows = stream_->pass_groups(groups_->row_of(key));
  if (rows.rows.empty()) return false;
  findings::Finding f =
      row_finding(rule_, rows, rows.rows.front(), {}, [&](std::uint64_t n) { return records_.by_number[n]; });
  Told& told = told_[key];
  told.waits = false;
  const auto minutes = std::exchange(told.minutes, {});
  unsaved_.insert(key);
  if (!told.told && !throttle_.admits(f, event_time)) {
    ++throttled_;
    return true;
  }
  f.revision = told.told ? told.revision + 1 : 0;
  told.told = true;
  told.revision = f.revision;
  told.last = now;
  keep_risk(f, minutes);
  out.push_back(std::move(f));
  return true;
}

void Growing::keep_risk(const findings::Finding& finding, const std::map<std::int64_t, base::Time>& minutes) {
  if (!keeps_risk_) return;
  std::vector<base::Time> times;
  for (const auto& [minute, time] : minutes) times.push_back(time);
  if (times.empty() && finding.last_time) times.push_back(*finding.last_time);
  history_.keep(finding, times);
}

std::optional<Tick> Growing::next_due() const {
  if (!ready_.empty()) return Tick::min();
  return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
}

std::optional<std::string> Growing::recall(const std::string& key) {
  const auto saved = state_.get(space_, key);
  if (!saved) return {};
  base::Unpacker in(*saved);
  in.signed_number();   // when it changed last
  Told told;
  told.told = in.flag();
  told.revision = static_cast<std::uint32_t>(in.number());
  std::string group(in.text());
  const std::uint64_t records = in.number();
  if (!in.ok() || records > pipeline::Evidence::kKept) return {};
  for (std::uint64_t k = 0; k < records; ++k) {
    const std::uint64_t number = in.number();
    records_.by_number[number] = unpack_record(in, records_.origins);
  }
  if (!in.ok()) return {};
  told_[key] = told;
  return group;
}

void Growing::restore_waiting() {
  std::map<std::string, std::map<std::int64_t, base::Time>> waiting;
  state_.each(waiting_space_, [&](std::string_view key, std::string_view bytes) {
    auto& minutes = waiting[std::string(key)];
    for (base::Unpacker in(bytes); in.ok() && !in.at_end();) {
      const base::Time time{base::Duration(in.signed_number())};
      if (in.ok()) minutes[minute_of(time)] = time;
    }
    return true;
  });
  for (auto& [key, minutes] : waiting) {
    if (!groups_->restore(key)) continue;
    told_[key].waits = true;
    told_[key].minutes = std::move(minutes);
    due_.emplace(Tick::min(), key);
    unsaved_.insert(key);
  }
}

std::size_t Growing::save(base::Time event_time) {
  assert(ready_.empty());
  // What a group's age is counted from. The run's time may lie far behind its last event, or not be known.
  const auto stamp = [&](std::optional<base::Time> last) {
    return (last ? std::max(event_time, *last) : event_time).time_since_epoch().count();
  };
  const std::size_t count = seen_rows_.size() + unsaved_.size();
  for (const auto& [id, seen] : seen_rows_) {
    std::string bytes;
    base::Packer(bytes).signed_number(stamp(seen.last)).flag(seen.told);
    state_.put(space_, id, bytes);
  }
  seen_rows_.clear();
  for (const std::string& key : unsaved_) {
    const Told& told = told_[key];
    std::string bytes, group;
    base::Packer out(bytes), inner(group);
    groups_->save(key, inner);
    const pipeline::Evidence& evidence = groups_->evidence_of(key);
    out.signed_number(stamp(evidence.timed ? std::optional(evidence.last) : std::nullopt));
    out.flag(told.told).number(told.revision).text(group);
    out.number(evidence.records.size());
    for (const pipeline::Evidence::Record& r : evidence.records) {
      out.number(r.number);
      pack(out, records_.by_number[r.number]);
    }
    state_.put(space_, key, bytes);
    if (told.waits) {
      std::string minutes;
      base::Packer times(minutes);
      for (const auto& [minute, time] : told.minutes) times.signed_number(time.time_since_epoch().count());
      state_.put(waiting_space_, key, minutes);
    } else {
      state_.erase(waiting_space_, key);
    }
  }
  unsaved_.clear();
  return count;
}

void Growing::sweep(base::Time event_time, const Retention& retention, std::size_t& budget) {
  for (const std::string& key : sweep_.step(event_time, retention, budget)) {
    if (const auto at = told_.find(key); at != told_.end()) {
      if (at->second.waits || unsaved_.contains(key)) continue;
      groups_->forget(key);
      told_.erase(at);
    }
    state_.erase(space_, key);
    ++forgotten_;
  }
}

void Growing::forget_idle() {
  assert(unsaved_.empty());
  for (auto at = told_.begin(); at != told_.end();) {
    if (at->second.waits) {
      ++at;
      continue;
    }
    groups_->forget(at->first);
    at = told_.erase(at);
  }
}

void Growing::mark_records(std::set<std::uint64_t>& used) const {
  for (const auto& [key, told] : told_)
    for (const pipeline::Evidence::Record& r : groups_->evidence_of(key).records) used.insert(r.number);
}

}  // namespace escudo::detect
