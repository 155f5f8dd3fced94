// Tested by tests/unit/runtime/tail_test.cpp and, against scan, by tests/tail.
#include "detect/windowed.hpp"

#include <algorithm>
#include <set>

#include "detect/matched_rows.hpp"
#include "detect/run.hpp"

namespace escudo::detect {
namespace {

constexpr std::string_view kClosed = "closed";
constexpr std::size_t kRowsAtOnce = 1000;

}  // namespace

Windowed::Windowed(const RuleBook& book, std::uint32_t rule, LiveState& state)
    : book_(book), rule_(rule), state_(state), throttle_(*book.rules()[rule].rule, state) {
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
  std::optional<base::Time> first;
  state.read(space_, base::Time::min(), base::Time::max(), [&](std::string_view bytes) {
    Origins origins;
    if (const auto row = unpack_row(bytes, origins)) first = first ? std::min(*first, row->event.time) : row->event.time;
  });
  if (first) next_ = schedule_.holding(*first, closed_);
  if (first && !next_ && closed_) next_ = schedule_.after(*closed_);
}

void Windowed::add(const Matches& matches, const MatchedRow& row, std::uint64_t number,
                   const findings::EvidenceEvent& event, base::Time now) {
  std::optional<Window> window;
  if (event.has_time) window = schedule_.holding(event.time, closed_);
  while (window && window->due <= now) {
    window = schedule_.after(window->run);
    if (window && (window->start > event.time || window->end <= event.time)) window.reset();
  }
  if (!window) {
    ++late_;
    return;
  }
  std::string bytes;
  base::Packer out(bytes);
  pack_row(out, row.feed - first_feed_, number, event, row.layout->columns, cells_of(matches, row),
           book_.feeds()[row.feed].layout->columns);
  state_.append(space_, event.time, bytes);
  if (!next_ || window->run < next_->run) next_ = window;
}

void Windowed::advance(base::Time now, Origins& origins, std::vector<findings::Finding>& out) {
  if (!next_ || next_->due > now) return;
  while (next_ && next_->due <= now) {
    search(*next_, origins, out);
    closed_ = next_->run;
    const auto last = state_.last_time(space_);
    next_ = schedule_.after(*closed_);
    if (next_ && (!last || *last < next_->start)) next_.reset();
    else if (next_) state_.erase_before(space_, next_->start);
  }
  if (!next_) state_.erase_before(space_, base::Time::max());
  remember();
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
  if (!any) return;
  ++searched_;
  std::set<std::string> told;   // equal rows are one finding
  for (findings::Finding& f : run.finish()) {
    if (f.rule != book_.rules()[rule_].rule || !told.insert(f.finding_id).second) continue;
    if (throttle_.admits(f, window.run)) out.push_back(std::move(f));
    else ++throttled_;
  }
  for (const std::string& warning : run.warnings())
    if (std::ranges::find(warnings_, warning) == warnings_.end()) warnings_.push_back(warning);
}

}  // namespace escudo::detect
