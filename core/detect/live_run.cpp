// Tested by tests/unit/runtime/tail_test.cpp and, against scan, by tests/tail.
#include "detect/live_run.hpp"

#include <algorithm>
#include <set>

#include "base/hash.hpp"
#include "detect/matched_rows.hpp"

namespace escudo::detect {
namespace {

// Groups of all rules that stay in memory after a save: at some 3 KB each about 12 MB.
constexpr std::size_t kGroupsKept = 4096;
// Groups on disk that a save looks at, and two more for each that it wrote: they cannot grow beyond bounds.
constexpr std::size_t kSwept = 64;
// Records are looked through for those nobody names any more when there are so many.
constexpr std::size_t kRecordsKept = 32'768;
constexpr std::uint64_t kSavesBetweenExpiry = 1024;
// What is kept of a rule, and the rules of which something is.
constexpr const char* kKept[] = {"group|", "waiting|", "window|"};
constexpr const char* kKnown = "searches";

std::string name_of(const CompiledRule& rule) { return rule.rule->id + "|" + rule.rule->name; }

// What a rule's state depends on: when it changes, the state is of another search.
std::string search_hash(const CompiledRule& rule) {
  // The form of what is kept, with it.
  std::string text = "2\n" + rule.plan->expanded.text + "\n" + Schedule::of(*rule.rule).text();
  return base::sha256_hex(text);
}

}  // namespace

struct LiveRun::Search {
  Streaming streaming;
  std::unique_ptr<Growing> growing;
  std::unique_ptr<Windowed> windowed;
  std::uint64_t rows = 0, nanoseconds = 0;
};

LiveRun::LiveRun(const RuleBook& book, LiveState& state, const Retention& retention)
    : book_(book), state_(state), space_(state.space("run")), history_(book, state), searches_(book.rules().size()), retention_(retention) {
  context_.catalog = &book.catalog();
  context_.clock = &clock_;
  context_.lookups = &lookups_;
  context_.warn = [this](const std::string& text) {
    if (std::ranges::find(warnings_, text) == warnings_.end()) warnings_.push_back(text);
  };
  if (const auto saved = state.get(space_, "run")) {
    base::Unpacker in(*saved);
    records_.next = std::max<std::uint64_t>(in.number(), 1);
    event_time_ = base::Time(base::Duration(in.signed_number()));
    clock_.set(event_time_);
  }
  drop_left();
  const std::int64_t known = state.space(kKnown);
  for (std::uint32_t k = 0; k < book.rules().size(); ++k) {
    const CompiledRule& rule = book.rules()[k];
    if (!rule.executable()) continue;
    const std::string name = name_of(rule);
    const std::string hash = search_hash(rule);
    const auto before = state.get(known, name);
    if (before != hash) {
      if (before) {
        for (const char* kind : kKept) state.drop(state.space(kind + name));
        context_.warn(rule.rule->name + " has changed: its open groups and windows begin anew");
      }
      state.put(known, name, hash);
    }
    auto search = std::make_unique<Search>();
    search->streaming = streaming_of(rule);
    searches_[k] = std::move(search);
    // Those that wait for something must be there from the start; the others come with their rows.
    if (before == hash || rule.reads_risk) search_of(k);
  }
}

LiveRun::~LiveRun() = default;

LiveRun::Search* LiveRun::search_of(std::uint32_t rule) {
  Search* search = searches_[rule].get();
  if (!search || search->growing || search->windowed) return search;
  if (search->streaming.monotone) {
    search->growing = std::make_unique<Growing>(book_.rules()[rule], search->streaming.grouped, context_, state_, records_, history_);
  } else {
    search->windowed = std::make_unique<Windowed>(book_, rule, state_, history_);
    for (const std::string& warning : search->windowed->warnings()) context_.warn(warning);
  }
  return search;
}

void LiveRun::feed(Matches matches, Tick now) {
  tick_ = now;
  for (const std::string& text : matches.said) context_.warn(text);
  if (matches.rows.empty()) return;
  counts_.matches += matches.rows.size();
  const std::uint64_t first = records_.next;
  records_.next += matches.records.size();
  std::vector<findings::EvidenceEvent> events;
  events.reserve(matches.records.size());
  for (const MatchedRecord& r : matches.records)
    events.push_back({matches.origin, r.record_id, r.channel, r.event_id, r.time, r.has_time, r.recovered});
  std::stable_sort(matches.rows.begin(), matches.rows.end(), [](const MatchedRow& a, const MatchedRow& b) { return a.feed < b.feed; });
  for (std::size_t k = 0; k < matches.rows.size();) {
    const std::uint32_t feed = matches.rows[k].feed;
    const std::uint32_t rule = book_.feeds()[feed].rule;
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t from = k;
    Search* search = search_of(rule);
    if (search && search->growing) {
      const Layout* layout = matches.rows[k].layout;
      pipeline::Table table;
      table.columns = layout->columns;
      for (; k < matches.rows.size() && matches.rows[k].feed == feed && matches.rows[k].layout == layout; ++k) {
        const std::uint32_t r = matches.rows[k].record;
        records_.by_number.emplace(first + r, events[r]);
        table.rows.push_back({cells_of(matches, matches.rows[k]),
                              pipeline::Evidence::of(first + r, events[r].time, events[r].has_time)});
      }
      search->growing->push(std::move(table), now);
    } else {
      for (; k < matches.rows.size() && matches.rows[k].feed == feed; ++k) {
        const std::uint32_t r = matches.rows[k].record;
        if (search) search->windowed->add(matches, matches.rows[k], first + r, events[r], event_time_);
      }
    }
    if (!search) continue;
    search->rows += k - from;
    search->nanoseconds += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - begin).count());
  }
}

void LiveRun::advance(base::Time event_time) {
  if (event_time <= event_time_) return;
  if (history_.wanted()) tell_before_correlations(event_time);
  const base::Time before = event_time_;
  event_time_ = event_time;
  clock_.set(event_time);
  search_due(false, before);
  if (!history_.wanted()) return;
  search_due(true, before);
}

// The windows that are due, of correlations or of the others, which come first: their findings are what
// correlations look at.
void LiveRun::search_due(bool correlations, base::Time before) {
  bool any = false;
  for (std::uint32_t k = 0; k < searches_.size(); ++k) {
    Search* search = searches_[k].get();
    if (!search || !search->windowed || book_.rules()[k].reads_risk != correlations) continue;
    const auto due = search->windowed->next_due();
    if (!due || *due > event_time_) continue;
    any = true;
    const auto begin = std::chrono::steady_clock::now();
    search->windowed->advance(event_time_, records_.origins, ready_);
    search->nanoseconds += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - begin).count());
    for (const std::string& warning : search->windowed->warnings()) context_.warn(warning);
  }
  if (!any) return;
  if (!correlations) return note_risk(before);
  std::optional<base::Time> needed;
  for (std::uint32_t k = 0; k < searches_.size(); ++k) {
    if (!searches_[k] || !searches_[k]->windowed || !book_.rules()[k].reads_risk) continue;
    if (const auto from = searches_[k]->windowed->needs_from(event_time_)) needed = needed ? std::min(*needed, *from) : *from;
  }
  if (needed) history_.erase_before(*needed);
}

// Correlations know of what was kept.
void LiveRun::note_risk(base::Time now) {
  for (const base::Time time : history_.take_kept())
    for (std::uint32_t k = 0; k < searches_.size(); ++k)
      if (searches_[k] && searches_[k]->windowed && book_.rules()[k].reads_risk) searches_[k]->windowed->add_risk(time, now);
}

// A correlation may be due: what groups have to tell is told before, whatever second they wait for.
void LiveRun::tell_before_correlations(base::Time event_time) {
  bool due = false;
  for (std::uint32_t k = 0; k < searches_.size() && !due; ++k) {
    if (!searches_[k] || !searches_[k]->windowed || !book_.rules()[k].reads_risk) continue;
    const auto at = searches_[k]->windowed->boundary(event_time_);
    due = at && *at <= event_time;
  }
  if (!due) return;
  for (const auto& search : searches_)
    if (search && search->growing) search->growing->take(tick_, event_time_, true, ready_);
  note_risk(event_time_);
}

std::vector<findings::Finding> LiveRun::take(Tick now, bool all) {
  tick_ = now;
  std::vector<findings::Finding> out = std::move(ready_);
  ready_.clear();
  for (const auto& search : searches_)
    if (search && search->growing) search->growing->take(now, event_time_, all, out);
  note_risk(event_time_);
  std::ranges::stable_sort(out, findings::comes_before);
  for (const findings::Finding& f : out) ++(f.revision == 0 ? counts_.findings : counts_.revisions);
  return out;
}

std::optional<Tick> LiveRun::next_due() const {
  if (!ready_.empty()) return Tick::min();
  std::optional<Tick> out;
  for (const auto& search : searches_)
    if (search && search->growing)
      if (const auto due = search->growing->next_due()) out = out ? std::min(*out, *due) : *due;
  return out;
}

std::optional<base::Time> LiveRun::next_window() const {
  std::optional<base::Time> out;
  for (const auto& search : searches_)
    if (search && search->windowed)
      if (const auto due = search->windowed->next_due()) out = out ? std::min(*out, *due) : *due;
  return out;
}

void LiveRun::save() {
  std::size_t groups = 0, saved = 0;
  for (const auto& search : searches_) {
    if (!search || !search->growing) continue;
    saved += search->growing->save(event_time_);
    groups += search->growing->groups();
  }
  if (groups > kGroupsKept)
    for (const auto& search : searches_)
      if (search && search->growing) search->growing->forget_idle();
  trim();
  sweep(kSwept + 2 * saved);
  if (++saves_ % kSavesBetweenExpiry == 0) {
    for (const auto& search : searches_)
      if (search && search->growing) search->growing->expire(event_time_);
    drop_left();
  }
  std::string bytes;
  base::Packer out(bytes);
  out.number(records_.next).signed_number(event_time_.time_since_epoch().count());
  state_.put(space_, "run", bytes);
}

// One rule after the other, each once: some hundred groups a second while events come.
void LiveRun::sweep(std::size_t budget) {
  for (std::size_t k = 0; k < searches_.size() && budget > 0; ++k) {
    swept_ = (swept_ + 1) % searches_.size();
    Search* search = searches_[swept_].get();
    if (search && search->growing) search->growing->sweep(event_time_, retention_, budget);
  }
}

// Of rules that are gone for as long as groups are kept. Until then they may come back: a file that does
// not load today makes nobody forget.
void LiveRun::drop_left() {
  if (event_time_ == base::Time{}) return;   // nobody knows yet what time it is
  std::set<std::string, std::less<>> present;
  for (const CompiledRule& rule : book_.rules()) present.insert(name_of(rule));
  const std::int64_t known = state_.space(kKnown), left = state_.space("left");
  std::vector<std::string> gone, back;
  state_.each(known, [&](std::string_view name, std::string_view) {
    if (!present.contains(name)) gone.emplace_back(name);
    return true;
  });
  state_.each(left, [&](std::string_view name, std::string_view) {
    if (present.contains(name)) back.emplace_back(name);
    return true;
  });
  for (const std::string& name : back) state_.erase(left, name);
  for (const std::string& name : gone) {
    if (const auto since = state_.get(left, name)) {
      base::Unpacker in(*since);
      if (base::Time(base::Duration(in.signed_number())) + retention_.keep >= event_time_) continue;
      for (const char* kind : kKept) state_.drop(state_.space(kind + name));
      state_.erase(known, name);
      state_.erase(left, name);
    } else {
      std::string bytes;
      base::Packer(bytes).signed_number(event_time_.time_since_epoch().count());
      state_.put(left, name, bytes);
    }
  }
}

void LiveRun::trim() {
  if (records_.by_number.size() < kRecordsKept) return;
  std::set<std::uint64_t> used;
  for (const auto& search : searches_)
    if (search && search->growing) search->growing->mark_records(used);
  std::erase_if(records_.by_number, [&](const auto& r) { return !used.contains(r.first); });
}

LiveCounts LiveRun::counts() const {
  LiveCounts out = counts_;
  for (const auto& search : searches_) {
    if (search && search->growing) {
      out.groups += search->growing->groups();
      out.throttled += search->growing->throttled();
      out.forgotten += search->growing->forgotten();
    }
    if (search && search->windowed) {
      out.late += search->windowed->late();
      out.windows += search->windowed->searched();
      out.throttled += search->windowed->throttled();
    }
  }
  return out;
}

std::vector<RuleCost> LiveRun::costs() const {
  std::vector<RuleCost> out;
  for (std::uint32_t k = 0; k < searches_.size(); ++k)
    if (searches_[k] && searches_[k]->rows > 0)
      out.push_back({book_.rules()[k].rule.get(), searches_[k]->rows, searches_[k]->nanoseconds});
  std::ranges::stable_sort(out, std::ranges::greater(), &RuleCost::nanoseconds);
  return out;
}

}  // namespace escudo::detect
