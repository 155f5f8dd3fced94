// Compiling rules. A rule that fails is kept with its diagnostics and stops nobody.
#include "detect/rule_book.hpp"

#include <algorithm>

#include "detect/reach.hpp"
#include "detect/risk_events.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/operator.hpp"
#include "spl/field_names.hpp"
#include "spl/print.hpp"
#include "spl/stand_in.hpp"
#include "spl/walk.hpp"

namespace escudo::detect {
namespace {

base::Diagnostic located(const rules::Rule& rule, const spl::TextProblem& problem) {
  base::Diagnostic d = rule.search_node.complain_at(problem.span, problem.code, problem.message, problem.hint);
  d.severity = problem.severity;
  return d;
}

// Codes that say "Splunk could, Escudo cannot": the rule is unsupported, not wrong.
bool is_unsupported(const std::string& code) { return code.starts_with("unsupported-") || code == "unknown-dataset"; }

// What the file says it was written for, to name the source that would be needed.
std::string written_for(const rules::Rule& rule) {
  if (rule.data_sources.empty()) return {};
  std::string out = "; it was written for ";
  for (std::size_t k = 0; k < rule.data_sources.size(); ++k) out += (k ? ", " : "") + rule.data_sources[k];
  return out;
}

// A lookup whose table nobody ships: a KV store, or a table of the site.
std::string missing_table(const spl::Pipeline& pipeline, const catalog::Catalog& catalog) {
  for (const spl::Command& command : pipeline.commands) {
    std::string table;
    if (const auto* lookup = std::get_if<spl::Lookup>(&command.verb)) table = lookup->table;
    if (const auto* input = std::get_if<spl::InputLookup>(&command.verb)) table = input->table;
    if (!table.empty() && !pipeline::is_builtin_lookup(table)) {
      const catalog::LookupDefinition* definition = catalog.find_lookup(table);
      if (!definition || definition->optional_table) return table;
    }
    for (const spl::PipelinePtr& child : spl::sub_pipelines(command))
      if (std::string found = missing_table(*child, catalog); !found.empty()) return found;
  }
  return {};
}

// Fields that Splunk fills from a site's list of assets and identities.
std::string from_assets(const std::string& term) {
  for (std::string_view end : {"_category", "_bunit", "_priority"})
    if (const std::size_t at = term.find(end); at != std::string::npos && term.find_first_of("=< >!", at) == at + end.size())
      return ", which only a site's list of assets and identities gives";
  return {};
}

// The rule asks for events that nobody has. The place is known where it is in the rule's own text.
void unfed(CompiledRule& compiled, const spl::Plan& plan, base::Span span, const std::string& what) {
  compiled.status = Status::unsupported;
  compiled.reason = what + written_for(*compiled.rule);
  spl::TextProblem problem{span, "unsupported-source", what, {}};
  if (&plan == compiled.plan.get()) problem.span = plan.expanded.original(span);
  else problem.span = {};
  compiled.diagnostics.push_back(located(*compiled.rule, problem));
}

// The field of a tstats grouping that nothing ever has, so that no row comes out.
std::string unfed_group(const spl::Plan& plan, const spl::PlannedPipeline& pipeline, const Reach& reach) {
  if (pipeline.rows == spl::PlannedPipeline::Rows::feed) {
    const spl::Feed& feed = plan.feeds[pipeline.feed];
    const auto* tstats = std::get_if<spl::Tstats>(&pipeline.pipeline->commands.front().verb);
    if (tstats && feed.dataset != risk_dataset) return reach.never_there(*tstats, feed);
  }
  return {};
}

// What a search of raw events and the commands its rows go to read of them; nothing when that is all.
std::optional<spl::FieldNeeds> needs_of(const spl::Plan& plan, const std::vector<const spl::Command*>& rest) {
  if (plan.root->rows != spl::PlannedPipeline::Rows::feed || plan.feeds.size() != 1) return {};
  if (!plan.feeds[0].dataset.empty() || plan.feeds[0].has_subsearch) return {};
  spl::Flow flow = spl::Flow::open();
  flow.read(plan.feeds[0].filter);
  const auto& commands = plan.pipeline->commands;
  for (std::size_t k = plan.root->first; k < commands.size(); ++k) flow.pass(commands[k]);
  for (const spl::Command* command : rest) flow.pass(*command);
  flow.finish();
  if (flow.needs().everything) return {};
  return flow.needs();
}

// The pipeline that reads a feed.
const spl::PlannedPipeline* reader_of(const spl::PlannedPipeline& pipeline, std::size_t feed) {
  if (pipeline.rows == spl::PlannedPipeline::Rows::feed && pipeline.feed == feed) return &pipeline;
  for (const auto& child : pipeline.children)
    if (const spl::PlannedPipeline* found = reader_of(*child, feed)) return found;
  return nullptr;
}

}  // namespace

std::string_view status_name(Status status) {
  static constexpr std::string_view names[] = {"runs", "partly", "unsupported", "invalid"};
  return names[static_cast<int>(status)];
}

std::vector<const spl::Plan*> CompiledRule::plans() const {
  std::vector<const spl::Plan*> out;
  if (plan) out.push_back(plan.get());
  for (const MapPlan& map : map_plans) out.push_back(map.plan.get());
  return out;
}

RuleBook RuleBook::compile(const std::vector<rules::RulePtr>& rules, const catalog::Catalog& catalog,
                           const cim::Maps& maps) {
  RuleBook book;
  book.catalog_ = &catalog;
  book.maps_ = &maps;
  book.lookups_ = std::make_unique<pipeline::LookupStore>();
  book.rules_.resize(rules.size());
  const Reach reach(maps);
  for (std::uint32_t k = 0; k < rules.size(); ++k) {
    book.rules_[k].rule = rules[k];
    book.compile_rule(book.rules_[k], k, reach);
  }
  book.index_ = std::make_unique<const match::PredicateIndex>(book.predicates_);
  return book;
}

void RuleBook::compile_rule(CompiledRule& compiled, std::uint32_t index, const Reach& reach) {
  const rules::Rule& rule = *compiled.rule;
  std::vector<spl::TextProblem> problems;
  compiled.plan = spl::make_plan(rule.search, *catalog_, problems);
  if (compiled.plan) {
    // A dry build finds what only the operators know: bad patterns, unknown functions.
    pipeline::Context context;
    context.catalog = catalog_;
    // Only asked whether it is there: a dry build runs nothing.
    context.run_search = [](const std::string&, std::vector<spl::TextProblem>&) { return pipeline::Table{}; };
    const std::size_t before = problems.size();
    if (pipeline::Stream::build(*compiled.plan, *compiled.plan->root, context, problems))
      (void)plan_maps(compiled, *compiled.plan->pipeline, nullptr, "", problems, std::vector<const spl::Command*>{});
    for (std::size_t k = before; k < problems.size(); ++k) problems[k].span = compiled.plan->expanded.original(problems[k].span);
  }
  const spl::TextProblem* first = nullptr;
  for (const spl::TextProblem& p : problems) {
    compiled.diagnostics.push_back(located(rule, p));
    if (p.severity == base::Severity::error && !first) first = &p;
  }
  if (first) {
    compiled.status = is_unsupported(first->code) ? Status::unsupported : Status::invalid;
    compiled.reason = first->message + (first->code == "unknown-dataset" ? written_for(rule) : "");
    return;
  }
  const std::vector<const spl::Plan*> plans = compiled.plans();
  for (const spl::Plan* plan : plans)
    for (const spl::Feed& feed : plan->feeds) {
      compiled.reads_risk = compiled.reads_risk || feed.dataset == risk_dataset;
      if (feed.dataset.empty() || feed.dataset == risk_dataset || maps_->feeds(feed.dataset)) continue;
      unfed(compiled, *plan, feed.span, "no source Escudo reads fills the data model " + feed.dataset);
      return;
    }
  for (const spl::Plan* plan : plans)
    for (const spl::Feed& feed : plan->feeds) {
      if (feed.dataset == risk_dataset || reach.possible(feed)) continue;
      const Missing missing = reach.missing(feed);
      const std::string what = feed.dataset.empty()
                                   ? "it reads " + missing.term + ", which no source of Escudo gives"
                                   : "no event of " + feed.dataset + " that Escudo reads can have " + missing.term + from_assets(missing.term);
      unfed(compiled, *plan, missing.span, what);
      return;
    }
  if (const std::string field = unfed_group(*compiled.plan, *compiled.plan->root, reach); !field.empty()) {
    unfed(compiled, *compiled.plan, compiled.plan->feeds[compiled.plan->root->feed].span, "it groups by " + field + ", which no event that Escudo reads has");
    return;
  }
  for (const spl::Plan* plan : plans)
    if (std::string table = missing_table(*plan->pipeline, *catalog_); !table.empty()) {
      compiled.status = Status::partly;
      compiled.reason = "lookup " + table + " is a table that a site keeps for itself; it counts as empty";
      break;
    }
  const auto add_feeds = [&](const spl::Plan& plan, const CompiledRule::MapPlan* of_map) {
    for (std::uint32_t k = 0; k < plan.feeds.size(); ++k)
      if (plan.feeds[k].dataset != risk_dataset) add_feed(index, k, plan, of_map);
  };
  add_feeds(*compiled.plan, nullptr);
  for (const CompiledRule::MapPlan& map : compiled.map_plans) add_feeds(*map.plan, &map);
}

// Plans the search of every `map`, also those within brackets and within a map (`within`: where that
// stands, `stand_in`: for its tokens). What is wrong with them the dry build has said. False after a
// problem.
bool RuleBook::plan_maps(CompiledRule& compiled, const spl::Pipeline& pipeline, const base::Span* within,
                         const std::string& stand_in, std::vector<spl::TextProblem>& problems, const Rest& rest) {
  for (std::size_t c = 0; c < pipeline.commands.size(); ++c) {
    const spl::Command& command = pipeline.commands[c];
    Rest after = rest;
    if (after)
      for (std::size_t next = pipeline.commands.size(); next > c + 1; --next)
        after->insert(after->begin(), &pipeline.commands[next - 1]);
    if (const auto* map = std::get_if<spl::Map>(&command.verb)) {
      const base::Span span = within ? *within : map->search_span;
      // A map within a map gets its values from the rows of the outer one.
      std::vector<std::string> candidates{stand_in};
      if (!within) candidates = spl::stand_ins(compiled.plan->expanded.text);
      bool planned = false;
      std::vector<spl::TextProblem> inner;
      const std::size_t before = compiled.map_plans.size();
      for (std::size_t k = 0; k < candidates.size() && !planned; ++k) {
        inner.clear();
        compiled.map_plans.resize(before);
        planned = plan_map(compiled, *map, span, candidates[k], inner, after);
      }
      if (!planned) {
        problems.insert(problems.end(), inner.begin(), inner.end());
        return false;
      }
    }
    const bool appends = std::holds_alternative<spl::AppendPipe>(command.verb) || std::holds_alternative<spl::Append>(command.verb);
    for (const spl::PipelinePtr& child : spl::sub_pipelines(command))
      if (!plan_maps(compiled, *child, within, stand_in, problems, appends ? after : Rest{})) return false;
  }
  return true;
}

bool RuleBook::plan_map(CompiledRule& compiled, const spl::Map& map, const base::Span& span,
                        const std::string& stand_in, std::vector<spl::TextProblem>& problems, const Rest& rest) {
  const std::size_t before = problems.size();
  auto plan = spl::make_plan(spl::with_stand_in(map.search, stand_in), *catalog_, problems);
  for (std::size_t k = before; k < problems.size(); ++k) problems[k].span = span;
  if (!plan) return false;
  problems.resize(before);   // warnings
  const spl::PipelinePtr searched = plan->pipeline;
  auto needs = rest ? needs_of(*plan, *rest) : std::nullopt;
  if (needs) spl::widen(*needs, stand_in);
  for (spl::Feed& feed : plan->feeds) spl::widen(feed, stand_in);
  compiled.map_plans.push_back({std::move(plan), span, std::move(needs)});
  return plan_maps(compiled, *searched, &span, stand_in, problems, rest);
}

void RuleBook::add_feed(std::uint32_t rule, std::uint32_t number, const spl::Plan& plan, const CompiledRule::MapPlan* of_map) {
  const spl::Feed& planned = plan.feeds[number];
  const spl::FieldNeeds& needs = of_map && of_map->needs ? *of_map->needs : planned.needs;
  const bool kept_for_map = of_map != nullptr;
  Feed feed;
  feed.kept_for_map = kept_for_map;
  feed.rule = rule;
  feed.number = number;
  feed.dataset = planned.dataset.empty() ? cim::DatasetId::raw() : maps_->dataset(planned.dataset);
  feed.condition = match::Condition::compile(planned.filter, feed.dataset.index, predicates_);
  feed.everything = needs.everything;
  feed.patterns.assign(needs.patterns.begin(), needs.patterns.end());
  std::vector<std::string> columns(needs.names.begin(), needs.names.end());
  const auto add_column = [&](const std::string& name) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
  };
  add_column("_time");   // evidence and every aggregate over time look at it
  if (!feed.dataset.is_raw())
    for (const catalog::ModelField& field : maps_->datasets()[feed.dataset.index].fields)
      if (feed.everything || std::any_of(feed.patterns.begin(), feed.patterns.end(),
                                         [&](const std::string& p) { return spl::match_name(p, field.name); }))
        add_column(field.name);
  auto layout = std::make_shared<Layout>();
  for (const std::string& column : columns) {
    if (column == "_time") {
      layout->keys.push_back(kTimeKey);
      continue;
    }
    feed.features.push_back(predicates_.feature(feed.dataset.index, event::intern(column)));
    layout->keys.push_back(feed.features.back());
  }
  layout->columns = std::move(columns);
  feed.layout = std::move(layout);
  // The searches of a map are others than their plan, narrower ones.
  const spl::PlannedPipeline* reader = kept_for_map ? nullptr : reader_of(*plan.root, number);
  if (reader && (feed.early = spl::early_filter(plan, *reader)))
    for (const spl::EarlyFilter::Field& field : feed.early->fields)
      feed.early_features.push_back(predicates_.feature(feed.dataset.index, event::intern(field.plain)));
  feeds_.push_back(std::move(feed));
}

}  // namespace escudo::detect
