#pragma once
// Run: matches in, findings out. Matched rows are kept (row_store.hpp) until the input has ended; then
// the searches run one after another, each with all its rows at hand, and each gives its memory back
// before the next begins.
//
// Matches must come in one order (that of the files) whatever threads made them: results then never
// depend on threads. One thread. The RuleBook must outlive it.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "detect/matcher.hpp"
#include "detect/row_store.hpp"
#include "detect/rule_book.hpp"
#include "findings/finding.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/operator.hpp"

namespace escudo::detect {

struct Found;  // risk_events.hpp

class Run {
 public:
  // `now` fixes the run's clock; without it, now is the time of the latest event seen. Beyond `memory`
  // bytes matched rows go to a temporary file; `limits` are those of each search.
  static constexpr std::size_t kMemory = 48u << 20;
  Run(const RuleBook& book, std::optional<base::Time> now, std::size_t memory = kMemory,
      pipeline::Limits limits = {});
  ~Run();

  void feed(const Matches& matches);
  // The run covers the window that starts there: its start is part of what findings are called.
  void covers_window(base::Time start) { window_ = start; }
  // Findings of other runs, for this rule's search over risk events: they count as this run's own, but
  // are not told. Their evidence numbers `records` from kOthers on. No other rule correlates then.
  static constexpr std::uint64_t kOthers = 1ull << 62;
  void correlate(std::uint32_t rule, std::vector<Found> others, std::vector<findings::EvidenceEvent> records);
  // All findings, sorted as every output has them. Once, last.
  std::vector<findings::Finding> finish();
  // Things to tell the user once: empty optional lookups, limits that were hit.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Rows could not be read back from a temporary file: the findings are not all.
  bool rows_lost() const { return rows_lost_ || rows_.spool().lost(); }

 private:
  struct Search;
  void warn(const std::string& text);
  Search& search_of(std::uint32_t rule);
  pipeline::Table search_kept(std::uint32_t rule, Search& search, const std::string& text,
                              std::vector<spl::TextProblem>& problems);
  void read_rows(std::uint32_t feed, const pipeline::Context& context,
                 const pipeline::Stream::Take& take, const std::vector<pipeline::Wanted>& wanted = {});
  std::string dataset_name(const Feed& feed) const;
  pipeline::Table result_of(std::uint32_t rule);
  std::vector<Found> finish_searches(bool of_risk);
  void find_records(std::vector<Found>& found);
  void give_risk(const std::vector<Found>& found);

  const RuleBook& book_;
  pipeline::Limits limits_;   // of each search
  bool rows_lost_ = false;    // by a search
  base::FixedClock clock_;
  bool fixed_clock_ = false;
  std::optional<base::Time> window_;
  RowStore rows_;
  std::vector<std::vector<std::uint32_t>> feeds_of_;   // by rule
  std::vector<std::unique_ptr<Search>> searches_;      // by rule; null before its turn
  struct SameSearch {
    std::size_t rules = 0;   // that still want the result
    std::optional<pipeline::Table> result;
  };
  std::map<std::string_view, SameSearch> same_search_;   // by expanded text, where several rules share it
  std::optional<std::uint32_t> correlates_;            // the one rule that others_ are for
  std::vector<Found> others_;
  std::vector<findings::EvidenceEvent> others_records_;
  std::vector<std::string> warnings_;
  std::set<std::string> warned_;
};

}  // namespace escudo::detect
