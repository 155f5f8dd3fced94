#include "detect/run.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>

#include "detect/risk_events.hpp"
#include "detect/row_finding.hpp"
#include "pipeline/filter.hpp"
#include "pipeline/state_budget.hpp"

namespace escudo::detect {

struct Run::Search {
  explicit Search(std::size_t state_bytes) : state(state_bytes) {}
  pipeline::StateBudget state;   // outlives the stream, whose verbs hold of it
  pipeline::Context context;
  std::unique_ptr<pipeline::Stream> stream;
  std::vector<pipeline::Stream*> by_feed;
  pipeline::Table risk;   // risk events, for the searches of a map
};

// One concrete search of a map, over the rows that its feeds were kept for. A record that several of
// them kept counts once.
pipeline::Table Run::search_kept(std::uint32_t rule, Search& search, const std::string& text,
                                 std::vector<spl::TextProblem>& problems) {
  auto plan = spl::make_plan(text, book_.catalog(), problems);
  if (!plan) return {};
  auto stream = pipeline::Stream::build(*plan, *plan->root, search.context, problems);
  if (!stream) return {};
  std::vector<pipeline::Stream*> by_feed;
  stream->collect(by_feed);
  for (std::size_t k = 0; k < by_feed.size(); ++k) {
    if (!by_feed[k]) continue;
    const spl::Feed& wanted = plan->feeds[k];
    pipeline::Table rows;
    if (wanted.dataset == risk_dataset) rows = pipeline::matching(search.risk, wanted.filter);
    std::set<std::uint64_t> seen;
    bool several = false;
    for (const std::uint32_t feed : feeds_of_[rule]) {
      const Feed& f = book_.feeds()[feed];
      if (!f.kept_for_map || dataset_name(f) != wanted.dataset || !rows_.has_rows(feed)) continue;
      several = several || !rows.rows.empty();
      read_rows(feed, search.context, [&](const pipeline::Views& views) {
        pipeline::Table some = views.table();
        pipeline::keep_matching(some, wanted.filter);
        std::erase_if(some.rows, [&](const pipeline::Row& row) { return !seen.insert(row.evidence.records.front().number).second; });
        rows.append(std::move(some));
      });
    }
    if (several)
      std::ranges::stable_sort(rows.rows, {}, [](const pipeline::Row& row) { return row.evidence.records.front().number; });
    by_feed[k]->push(std::move(rows));
  }
  return stream->finish();
}

// A log may name a field anew in every event: rows times columns must not grow with its square.
void Run::read_rows(std::uint32_t feed, const pipeline::Context& context,
                    const pipeline::Stream::Take& take, const std::vector<pipeline::Wanted>& wanted) {
  const Feed& f = book_.feeds()[feed];
  const std::uint64_t rows = std::max<std::uint64_t>(rows_.rows(feed), 1);
  const std::size_t most = f.layout->columns.size() +
                           std::max<std::size_t>(context.limits.event_columns, context.limits.event_cells / rows);
  if (!rows_.read(feed, take, most, wanted))
    context.say("its events have more than " + std::to_string(most) + " different fields; rows go without the rest");
}

std::string Run::dataset_name(const Feed& feed) const {
  return feed.dataset.is_raw() ? std::string() : book_.maps().datasets()[feed.dataset.index].full_name();
}

Run::Run(const RuleBook& book, std::optional<base::Time> now, std::size_t memory, pipeline::Limits limits)
    : book_(book),
      limits_(limits),
      clock_(now.value_or(base::Time{})),
      fixed_clock_(now.has_value()),
      rows_(book.feeds().size(), memory),
      feeds_of_(book.rules().size()),
      searches_(book.rules().size()) {
  for (std::uint32_t k = 0; k < book.feeds().size(); ++k) feeds_of_[book.feeds()[k].rule].push_back(k);
  for (const CompiledRule& rule : book.rules())
    if (rule.executable() && !rule.reads_risk) ++same_search_[rule.plan->expanded.text].rules;
  std::erase_if(same_search_, [](const auto& search) { return search.second.rules < 2; });
}

// Made when its turn comes, for rules that have rows: its state lives no longer than it works.
Run::Search& Run::search_of(std::uint32_t index) {
  if (searches_[index]) return *searches_[index];
  const CompiledRule& rule = book_.rules()[index];
  assert(rule.executable());   // no other rule has feeds
  auto search = std::make_unique<Search>(limits_.state_bytes);
  search->context.limits = limits_;
  search->context.state = &search->state;
  search->context.catalog = &book_.catalog();
  search->context.clock = &clock_;
  search->context.search = rule.rule->name;
  search->context.lookups = &book_.lookups();
  search->context.warn = [this](const std::string& text) { warn(text); };
  if (!rule.map_plans.empty())
    search->context.run_search = [this, index, s = search.get()](const std::string& text, std::vector<spl::TextProblem>& problems) {
      return search_kept(index, *s, text, problems);
    };
  std::vector<spl::TextProblem> problems;
  search->stream = pipeline::Stream::build(*rule.plan, *rule.plan->root, search->context, problems);
  assert(search->stream);   // the RuleBook built it once already
  search->stream->collect(search->by_feed);
  search->by_feed.resize(rule.plan->feeds.size());
  for (const std::uint32_t feed : feeds_of_[index]) {
    const Feed& f = book_.feeds()[feed];
    if (f.kept_for_map || !rows_.has_rows(feed) || !search->by_feed[f.number]) continue;
    search->by_feed[f.number]->read_from(
        [this, feed, s = search.get()](const std::vector<pipeline::Wanted>& wanted, const pipeline::Stream::Take& take) {
          read_rows(feed, s->context, take, wanted);
        },
        rows_.rows(feed));
  }
  searches_[index] = std::move(search);
  return *searches_[index];
}

Run::~Run() = default;

void Run::feed(const Matches& matches) {
  if (matches.has_time && !fixed_clock_ && matches.last_time > clock_.now()) clock_.set(matches.last_time);
  for (const std::string& text : matches.said) warn(text);
  rows_.add(matches);
}

void Run::warn(const std::string& text) {
  if (warned_.insert(text).second) warnings_.push_back(text);
}

// Detections whose searches are the same text (one renamed, one kept for old times' sake) search once.
pipeline::Table Run::result_of(std::uint32_t rule) {
  const CompiledRule& compiled = book_.rules()[rule];
  const auto same = compiled.reads_risk ? same_search_.end() : same_search_.find(compiled.plan->expanded.text);
  if (same != same_search_.end() && same->second.result) {
    if (--same->second.rules > 0) return *same->second.result;
    pipeline::Table last = std::move(*same->second.result);
    same->second.result.reset();
    return last;
  }
  pipeline::Table table = search_of(rule).stream->finish();
  rows_lost_ = rows_lost_ || searches_[rule]->state.lost();
  searches_[rule].reset();
  if (same != same_search_.end() && --same->second.rules > 0) same->second.result = table;
  return table;
}

// In the order in which records lie in the temporary file.
void Run::find_records(std::vector<Found>& found) {
  struct Place {
    std::uint64_t record = 0;
    std::uint32_t finding = 0, event = 0;
  };
  std::vector<Place> places;
  for (std::uint32_t f = 0; f < found.size(); ++f)
    for (std::uint32_t e = 0; e < found[f].evidence.records.size(); ++e)
      places.push_back({found[f].evidence.records[e].number, f, e});
  std::ranges::sort(places, {}, &Place::record);
  for (const Place& place : places)
    found[place.finding].finding.evidence.events[place.event] =
        place.record < kOthers ? rows_.record(place.record) : others_records_[place.record - kOthers];
}

// The findings of the searches that read risk events, or of those that do not.
std::vector<Found> Run::finish_searches(bool of_risk) {
  std::vector<Found> out;
  for (std::uint32_t k = 0; k < searches_.size(); ++k) {
    if (book_.rules()[k].reads_risk != of_risk) continue;
    const bool has_rows = std::ranges::any_of(feeds_of_[k], [&](std::uint32_t feed) { return rows_.has_rows(feed); });
    if (!has_rows && !searches_[k]) continue;
    pipeline::Table table = result_of(k);
    for (pipeline::Row& row : table.rows) {
      // A count of nothing is a row in Splunk, but nobody did anything: no record, no finding.
      if (row.evidence.total == 0) continue;
      pipeline::Evidence evidence = row.evidence;
      const auto later = [](std::uint64_t) { return findings::EvidenceEvent{}; };
      out.push_back({row_finding(book_.rules()[k], table, row, window_, later), std::move(evidence)});
    }
  }
  find_records(out);
  std::ranges::stable_sort(out, findings::comes_before, &Found::finding);
  return out;
}

void Run::correlate(std::uint32_t rule, std::vector<Found> others, std::vector<findings::EvidenceEvent> records) {
  correlates_ = rule;
  others_ = std::move(others);
  others_records_ = std::move(records);
}

// What the findings so far are worth is what correlation searches read.
void Run::give_risk(const std::vector<Found>& found) {
  pipeline::Table events = risk_events(found, book_.catalog());
  if (events.rows.empty()) return;
  for (std::uint32_t k = 0; k < book_.rules().size(); ++k) {
    const CompiledRule& rule = book_.rules()[k];
    if (!rule.reads_risk || !rule.executable() || (correlates_ && *correlates_ != k)) continue;
    Search& search = search_of(k);
    for (std::size_t f = 0; f < rule.plan->feeds.size(); ++f) {
      if (rule.plan->feeds[f].dataset != risk_dataset || !search.by_feed[f]) continue;
      search.by_feed[f]->push(pipeline::matching(events, rule.plan->feeds[f].filter));
    }
    if (!rule.map_plans.empty()) search.risk = events;
  }
}

std::vector<findings::Finding> Run::finish() {
  std::vector<Found> found = finish_searches(false);
  give_risk(correlates_ ? others_ : found);
  std::ranges::move(finish_searches(true), std::back_inserter(found));
  // Asked for last: a file that cannot be read back is noticed while the searches read it.
  if (!rows_.spool().problem().empty()) warnings_.push_back(rows_.spool().problem());
  std::vector<findings::Finding> out;
  for (Found& each : found) out.push_back(std::move(each.finding));
  findings::sort_findings(out);
  return out;
}

}  // namespace escudo::detect
