#pragma once
// Run: matches in, findings out. One search of each rule, from its first matched row to its last.
//
// Matches must come in one order (that of the files) whatever threads made them: results then never
// depend on threads. One thread. The RuleBook must outlive it.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "detect/matcher.hpp"
#include "detect/rule_book.hpp"
#include "findings/finding.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/operator.hpp"

namespace escudo::detect {

struct Found;  // risk_events.hpp

class Run {
 public:
  // `now` fixes the run's clock; without it, now is the time of the latest event seen.
  Run(const RuleBook& book, std::optional<base::Time> now);
  ~Run();

  void feed(Matches matches);
  // The run covers the window that starts there: its start is part of what findings are called.
  void covers_window(base::Time start) { window_ = start; }
  // All findings, sorted as every output has them. Once, last.
  std::vector<findings::Finding> finish();
  // Things to tell the user once: empty optional lookups, limits that were hit.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Search;
  Search& search_of(std::uint32_t rule);
  pipeline::Table search_kept(Search& search, const std::string& text, std::vector<spl::TextProblem>& problems);
  std::vector<Found> finish_searches(bool of_risk);
  void give_risk(const std::vector<Found>& found);

  const RuleBook& book_;
  pipeline::LookupStore lookups_;
  base::FixedClock clock_;
  bool fixed_clock_ = false;
  std::optional<base::Time> window_;
  std::vector<std::unique_ptr<Search>> searches_;   // by rule; null before its first row
  std::vector<findings::EvidenceEvent> records_;    // by record number
  std::vector<std::string> warnings_;
  std::set<std::string> warned_;
};

}  // namespace escudo::detect
