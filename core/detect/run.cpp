#include "detect/run.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>

#include "detect/risk_events.hpp"
#include "detect/row_finding.hpp"
#include "pipeline/filter.hpp"

namespace escudo::detect {

struct Run::Search {
  pipeline::Context context;
  std::unique_ptr<pipeline::Stream> stream;
  std::vector<pipeline::Stream*> by_feed;
  // Rows kept for the searches of `map`, by dataset ("" is raw). Each record once: several maps of one
  // rule may want it.
  struct Kept {
    pipeline::Table rows;
    std::set<std::uint64_t> records;
  };
  std::map<std::string, Kept> kept;
};

// One concrete search of a map, over the rows that were kept for it.
pipeline::Table Run::search_kept(Search& search, const std::string& text, std::vector<spl::TextProblem>& problems) {
  auto plan = spl::make_plan(text, book_.catalog(), problems);
  if (!plan) return {};
  auto stream = pipeline::Stream::build(*plan, *plan->root, search.context, problems);
  if (!stream) return {};
  std::vector<pipeline::Stream*> by_feed;
  stream->collect(by_feed);
  for (std::size_t k = 0; k < by_feed.size(); ++k) {
    auto kept = search.kept.find(plan->feeds[k].dataset);
    if (!by_feed[k] || kept == search.kept.end()) continue;
    pipeline::Table rows = kept->second.rows;
    pipeline::keep_matching(rows, plan->feeds[k].filter);
    by_feed[k]->push(std::move(rows));
  }
  return stream->finish();
}

Run::Run(const RuleBook& book, std::optional<base::Time> now)
    : book_(book), clock_(now.value_or(base::Time{})), fixed_clock_(now.has_value()), searches_(book.rules().size()) {}

// Made when the first row comes: of many rules few see any, and a run may be one of hundreds.
Run::Search& Run::search_of(std::uint32_t index) {
  if (searches_[index]) return *searches_[index];
  const CompiledRule& rule = book_.rules()[index];
  assert(rule.executable());   // no other rule has feeds
  auto search = std::make_unique<Search>();
  search->context.catalog = &book_.catalog();
  search->context.clock = &clock_;
  search->context.lookups = &lookups_;
  search->context.warn = [this](const std::string& text) {
    if (warned_.insert(text).second) warnings_.push_back(text);
  };
  if (!rule.map_plans.empty())
    search->context.run_search = [this, s = search.get()](const std::string& text, std::vector<spl::TextProblem>& problems) {
      return search_kept(*s, text, problems);
    };
  std::vector<spl::TextProblem> problems;
  search->stream = pipeline::Stream::build(*rule.plan, *rule.plan->root, search->context, problems);
  assert(search->stream);   // the RuleBook built it once already
  search->stream->collect(search->by_feed);
  search->by_feed.resize(rule.plan->feeds.size());
  searches_[index] = std::move(search);
  return *searches_[index];
}

Run::~Run() = default;

void Run::feed(Matches matches) {
  if (matches.has_time && !fixed_clock_ && matches.last_time > clock_.now()) clock_.set(matches.last_time);
  if (matches.rows.empty()) return;
  const std::uint64_t first = records_.size();
  for (MatchedRecord& r : matches.records)
    records_.push_back({matches.origin, r.record_id, std::move(r.channel), r.event_id, r.time, r.has_time, r.recovered});
  // Rows of one feed and one set of columns go on together.
  std::stable_sort(matches.rows.begin(), matches.rows.end(), [](const MatchedRow& a, const MatchedRow& b) { return a.feed < b.feed; });
  pipeline::Views views;
  for (std::size_t k = 0; k < matches.rows.size();) {
    const std::uint32_t feed = matches.rows[k].feed;
    views.columns = matches.rows[k].columns;
    views.rows.clear();
    for (; k < matches.rows.size() && matches.rows[k].feed == feed && matches.rows[k].columns == views.columns; ++k) {
      const std::uint64_t number = first + matches.rows[k].record;
      const findings::EvidenceEvent& record = records_[number];
      views.rows.push_back({matches.rows[k].cells, record.time, record.has_time, number});
    }
    const Feed& f = book_.feeds()[feed];
    if (f.kept_for_map) {
      const std::string dataset = f.dataset.is_raw() ? std::string() : book_.maps().datasets()[f.dataset.index].full_name();
      Search::Kept& kept = search_of(f.rule).kept[dataset];
      std::erase_if(views.rows, [&](const pipeline::ViewRow& row) { return !kept.records.insert(row.record).second; });
      kept.rows.append(views.table());
      continue;
    }
    if (pipeline::Stream* stream = search_of(f.rule).by_feed[f.number]) stream->push(views);
  }
}

// The findings of the searches that read risk events, or of those that do not.
std::vector<Found> Run::finish_searches(bool of_risk) {
  std::vector<Found> out;
  for (std::size_t k = 0; k < searches_.size(); ++k) {
    if (!searches_[k] || book_.rules()[k].reads_risk != of_risk) continue;
    pipeline::Table table = searches_[k]->stream->finish();
    for (pipeline::Row& row : table.rows) {
      // A count of nothing is a row in Splunk, but nobody did anything: no record, no finding.
      if (row.evidence.total == 0) continue;
      pipeline::Evidence evidence = row.evidence;
      out.push_back({row_finding(book_.rules()[k], table, row, window_, [this](std::uint64_t n) { return records_[n]; }),
                     std::move(evidence)});
    }
  }
  std::ranges::stable_sort(out, findings::comes_before, &Found::finding);
  return out;
}

// What the findings so far are worth is what correlation searches read.
void Run::give_risk(const std::vector<Found>& found) {
  pipeline::Table events = risk_events(found, book_.catalog());
  if (events.rows.empty()) return;
  for (std::uint32_t k = 0; k < book_.rules().size(); ++k) {
    const CompiledRule& rule = book_.rules()[k];
    if (!rule.reads_risk || !rule.executable()) continue;
    Search& search = search_of(k);
    for (std::size_t f = 0; f < rule.plan->feeds.size(); ++f) {
      if (rule.plan->feeds[f].dataset != risk_dataset || !search.by_feed[f]) continue;
      pipeline::Table rows = events;
      pipeline::keep_matching(rows, rule.plan->feeds[f].filter);
      search.by_feed[f]->push(std::move(rows));
    }
    if (!rule.map_plans.empty()) search.kept[std::string(risk_dataset)].rows = events;
  }
}

std::vector<findings::Finding> Run::finish() {
  std::vector<Found> found = finish_searches(false);
  give_risk(found);
  std::ranges::move(finish_searches(true), std::back_inserter(found));
  std::vector<findings::Finding> out;
  for (Found& each : found) out.push_back(std::move(each.finding));
  findings::sort_findings(out);
  return out;
}

}  // namespace escudo::detect
