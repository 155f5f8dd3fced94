// Tested by tests/unit/runtime/tail_test.cpp and, against scan, by tests/tail.
#include "detect/windowed.hpp"

#include <algorithm>
#include <map>

#include "detect/matched_rows.hpp"
#include "detect/run.hpp"

namespace escudo::detect {
namespace {

constexpr std::string_view kClosed = "closed";
constexpr std::size_t kRowsAtOnce = 1000;

}  // namespace

Windowed::Windowed(const RuleBook& book, std::uint32_t rule, LiveState& state, RiskHistory& history)
    : book_(book), rule_(rule), state_(state), history_(history), correlates_(book.rules()[rule].reads_risk),
      keeps_risk_(history.wants(book.rules()[rule])), throttle_(*book.rules()[rule].rule, state) {
  const rules::Rule& r = *book.rules()[rule].rule;
  std::string problem;
  schedule_ = Schedule::of(r, &problem);
  if (!problem.empty()) warnings_.push_back(r.name + ": " + problem);
  space_ = state.space("window|" + r.id + "|" + r.name);
  while (first_feed_ < book.feeds().size() && book.feeds()[first_feed_].rule != rule) ++first_feed_;
  if (const auto saved = state.get(space_, kClosed)) {
    base::Unpacker in(*saved);
    if (in.flag()) closed_ = base::Time(base::Duration(in.signed_number()));
  }
  // Rows from before a restart: their first window.
  const std::optional<base::Time> first = first_row(base::Time::min());
  if (first) next_ = schedule_.holding(*first, closed_);
  if (first && !next_ && closed_) next_ = schedule_.after(*closed_);
}

// The first window that holds `time` and is not over.
std::optional<Window> Windowed::window_of(base::Time time, base::Time now) {
  std::optional<Window> window = schedule_.holding(time, closed_);
  while (window && window->due <= now) {
    window = schedule_.after(window->run);
    if (window && (window->start > time || window->end <= time)) window.reset();
  }
  if (window && (!next_ || window->run < next_->run)) next_ = window;
  return window;
}

void Windowed::add(const Matches& matches, const MatchedRow& row, std::uint64_t number,
                   const findings::EvidenceEvent& event, base::Time now) {
  if (!event.has_time || !window_of(event.time, now)) {
    ++late_;
    return;
  }
  std::string bytes;
  base::Packer out(bytes);
  pack_row(out, row.feed - first_feed_, number, event, row.layout->columns, cells_of(matches, row),
           book_.feeds()[row.feed].layout->columns);
  state_.append(space_, event.time, bytes);
}

std::optional<base::Time> Windowed::boundary(base::Time now) const {
  // What is due later than `now` may have its run a little before.
  auto window = schedule_.after(now - std::chrono::minutes(1));
  while (window && window->due <= now) window = schedule_.after(window->run);
  return window ? std::optional(window->due) : std::nullopt;
}

std::optional<base::Time> Windowed::needs_from(base::Time now) const {
  if (next_) return next_->start;
  const auto window = schedule_.after(now - std::chrono::minutes(1));
  return window ? std::optional(window->start) : std::nullopt;
}

void Windowed::advance(base::Time now, Origins& origins, std::vector<findings::Finding>& out) {
  if (!next_ || next_->due > now) return;
  while (next_ && next_->due <= now) {
    search(*next_, origins, out);
    closed_ = next_->run;
    next_ = schedule_.after(*closed_);
    // Runs up to the next row have nothing to search: a log may be silent for years.
    const auto row = next_ ? first_row(next_->start) : std::nullopt;
    if (!row) next_.reset();
    else if (*row - base::Duration(1) > *closed_) next_ = schedule_.after(*row - base::Duration(1));
    if (next_) state_.erase_before(space_, next_->start);
  }
  if (!next_) state_.erase_before(space_, base::Time::max());
  remember();
}

// The earliest from `from` on, of what it searches.
std::optional<base::Time> Windowed::first_row(base::Time from) const {
  auto out = state_.first_time(space_, from);
  if (!correlates_) return out;
  const auto risk = history_.first(from);
  return !out || (risk && *risk < *out) ? risk : out;
}

void Windowed::remember() {
  std::string bytes;
  base::Packer out(bytes);
  out.flag(closed_.has_value()).signed_number(closed_ ? closed_->time_since_epoch().count() : 0);
  state_.put(space_, kClosed, bytes);
}

void Windowed::search(const Window& window, Origins& origins, std::vector<findings::Finding>& out) {
  Run run(book_, window.run);
  run.covers_window(window.start);
  Matches matches;
  RowWriter writer;
  std::uint64_t last_record = 0;
  bool any = false;
  const auto flush = [&] {
    if (!matches.rows.empty()) run.feed(std::move(matches));
    matches = {};
    last_record = 0;
  };
  state_.read(space_, window.start, window.end, [&](std::string_view bytes) {
    auto row = unpack_row(bytes, origins);
    const std::uint32_t feed = row ? first_feed_ + row->feed : 0;
    if (!row || feed >= book_.feeds().size() || book_.feeds()[feed].rule != rule_) return;
    any = true;
    // Rows of one record follow one another: it must count as one.
    const bool same = row->record == last_record && !matches.records.empty();
    if (!same && (matches.rows.size() >= kRowsAtOnce || matches.origin != row->event.origin)) flush();
    if (!same || matches.records.empty()) {
      matches.origin = row->event.origin;
      const findings::EvidenceEvent& e = row->event;
      writer.add_record(matches, {e.record_id, e.channel, e.event_id, e.time, e.has_time, e.recovered});
      last_record = row->record;
    }
    const std::vector<std::string>& names = row->columns.empty() ? book_.feeds()[feed].layout->columns : row->columns;
    if (row->cells.size() != names.size()) return;
    writer.add_row(matches, feed, names, row->cells);
  });
  flush();
  if (correlates_) {
    std::vector<findings::EvidenceEvent> records;
    std::vector<Found> found = history_.within(window.start, window.end, origins, Run::kOthers, records);
    any = any || !found.empty();
    run.correlate(rule_, std::move(found), std::move(records));
  }
  if (!any) return;
  ++searched_;
  std::map<std::string, bool> told;   // equal rows are one finding, and each of them is a risk
  for (findings::Finding& f : run.finish()) {
    if (f.rule != book_.rules()[rule_].rule) continue;
    const auto [at, fresh] = told.try_emplace(f.finding_id, false);
    if (fresh) at->second = throttle_.admits(f, window.run);
    if (at->second && keeps_risk_) history_.keep_row(f);
    if (fresh && at->second) out.push_back(std::move(f));
    else if (fresh) ++throttled_;
  }
  for (const std::string& warning : run.warnings())
    if (std::ranges::find(warnings_, warning) == warnings_.end()) warnings_.push_back(warning);
}

}  // namespace escudo::detect
