#pragma once
// RuleBook: all rules of a run, compiled: plans, predicates shared between rules, and the feeds that
// ask for events. The meeting place of the two rivers: rules come in here, events in Matcher.
//
// Lifetime: catalog and maps must outlive it. Immutable after compile(), shared by all threads.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/catalog.hpp"
#include "cim/maps.hpp"
#include "detect/record_fields.hpp"
#include "match/condition.hpp"
#include "match/value_index.hpp"
#include "pipeline/lookup_table.hpp"
#include "rules/rule.hpp"
#include "spl/early_filter.hpp"
#include "spl/plan.hpp"

namespace escudo::detect {

class Reach;   // reach.hpp

enum class Status { runs, partly, unsupported, invalid };
std::string_view status_name(Status status);

struct CompiledRule {
  rules::RulePtr rule;
  Status status = Status::runs;
  std::unique_ptr<const spl::Plan> plan;   // null when invalid or unsupported by its text
  base::Diagnostics diagnostics;           // located in the rule's file
  std::string reason;                      // why it is not `runs`, one sentence
  // The searches of `map`, also those within one another, planned with a stand-in for every $field$
  // (spl/stand_in.hpp): whatever a concrete search of the map can want, their feeds admit. They make
  // no rows of their own; the run keeps what they match.
  struct MapPlan {
    std::unique_ptr<const spl::Plan> plan;
    base::Span span;   // of the outermost map's search, in the expanded text of the rule
    // What the search, and what the rule does with its rows, reads of them; null: all of it.
    std::optional<spl::FieldNeeds> needs;
  };
  std::vector<MapPlan> map_plans;
  // Its own plan, where there is one, and those of its maps.
  std::vector<const spl::Plan*> plans() const;
  // It searches the risk events of the run: it comes after the detections that raise them.
  bool reads_risk = false;
  bool executable() const { return status == Status::runs || status == Status::partly; }
};

// One base search of one rule, ready for matching.
struct Feed {
  std::uint32_t rule = 0;        // index into RuleBook::rules()
  std::uint32_t number = 0;      // index into the rule's plan.feeds, or see kept_for_map
  bool kept_for_map = false;     // of one of the rule's map_plans: kept until its map runs
  cim::DatasetId dataset;
  match::Condition condition;
  LayoutPtr layout;                          // what its rows carry, besides raw columns
  std::vector<match::FeatureId> features;    // of its columns but _time
  bool everything = false;
  std::vector<std::string> patterns;
  // What the search asks of an event later and may be asked at once; null: nothing.
  std::shared_ptr<const spl::EarlyFilter> early;
  std::vector<match::FeatureId> early_features;   // by field of it
  // Of raw events: columns that only an event tells.
  bool wants_raw_columns() const { return dataset.is_raw() && (everything || !patterns.empty()); }
};

class RuleBook {
 public:
  static RuleBook compile(const std::vector<rules::RulePtr>& rules, const catalog::Catalog& catalog,
                          const cim::Maps& maps);

  const std::vector<CompiledRule>& rules() const { return rules_; }
  const std::vector<Feed>& feeds() const { return feeds_; }
  const match::PredicateSet& predicates() const { return predicates_; }
  const match::PredicateIndex& index() const { return *index_; }
  const catalog::Catalog& catalog() const { return *catalog_; }
  const cim::Maps& maps() const { return *maps_; }
  // The tables that rules look up in, each loaded once.
  pipeline::LookupStore& lookups() const { return *lookups_; }

 private:
  void compile_rule(CompiledRule& rule, std::uint32_t index, const Reach& reach);
  void add_feed(std::uint32_t rule, std::uint32_t number, const spl::Plan& plan, const CompiledRule::MapPlan* of_map);
  // Commands that get the rows of a pipeline; null where something else does.
  using Rest = std::optional<std::vector<const spl::Command*>>;
  bool plan_maps(CompiledRule& rule, const spl::Pipeline& pipeline, const base::Span* within,
                 const std::string& stand_in, std::vector<spl::TextProblem>& problems, const Rest& rest);
  bool plan_map(CompiledRule& rule, const spl::Map& map, const base::Span& span,
                const std::string& stand_in, std::vector<spl::TextProblem>& problems, const Rest& rest);
  const catalog::Catalog* catalog_ = nullptr;
  const cim::Maps* maps_ = nullptr;
  std::vector<CompiledRule> rules_;
  std::vector<Feed> feeds_;
  match::PredicateSet predicates_;
  std::unique_ptr<const match::PredicateIndex> index_;
  std::unique_ptr<pipeline::LookupStore> lookups_;
};

}  // namespace escudo::detect
