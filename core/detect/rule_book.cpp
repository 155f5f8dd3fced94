// Compiling rules. A rule that fails is kept with its diagnostics and stops nobody.
#include "detect/rule_book.hpp"

#include <algorithm>

#include "detect/risk_events.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/operator.hpp"
#include "spl/print.hpp"
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

// Fields that tell where an event comes from and that Escudo gives every event itself.
bool tells_source(std::string_view field) {
  for (std::string_view name : {"source", "sourcetype", "index", "eventtype", "Channel", "EventCode", "EventID"})
    if (field == name) return true;
  return false;
}

// Whether some kind of event that the maps know can pass the filter, as far as its source decides.
bool can_be_fed(const spl::SearchExpr& filter, const cim::Maps& maps) {
  match::PredicateSet set;
  const match::Condition condition = match::Condition::compile(filter, cim::DatasetId::raw().index, set);
  const event::Schema* nothing = event::intern_schema({});
  const event::Event event{.schema = nothing};
  const event::Origin origin;
  base::Arena scratch;
  for (std::uint32_t k = 0; k < maps.kind_count(); ++k) {
    const auto known = [&](match::PredicateId id) -> std::optional<bool> {
      const event::FieldId field = set.features()[set[id].feature].field;
      if (!tells_source(event::name_of(field))) return std::nullopt;
      const auto recipe = maps.recipe(maps.kind(k), *nothing, cim::DatasetId::raw(), field);
      // An event says itself which channel it is of and what id it has; what it is called in Splunk
      // (sourcetype, index, eventtype) depends on its kind alone.
      const std::string_view name = event::name_of(field);
      const bool by_kind = name == "sourcetype" || name == "index" || name == "eventtype";
      if (!by_kind && !recipe->is_constant()) return std::nullopt;
      const cim::FieldValues values = recipe->evaluate(event, origin, scratch);
      if (!by_kind && values.empty()) return std::nullopt;
      return set[id].test.matches(values);
    };
    if (condition.simplify(known).kind != match::Condition::Kind::never) return true;
  }
  return false;
}

// The first term that names a source, as the rule writes it: "sourcetype=aws:cloudtrail".
std::string wanted_source(const spl::SearchExpr& filter) {
  if (tells_source(filter.field)) return spl::print(filter);
  for (const spl::SearchExpr& part : filter.parts)
    if (std::string found = wanted_source(part); found != "events") return found;
  return "events";
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

}  // namespace

std::string_view status_name(Status status) {
  static constexpr std::string_view names[] = {"runs", "partly", "unsupported", "invalid"};
  return names[static_cast<int>(status)];
}

RuleBook RuleBook::compile(const std::vector<rules::RulePtr>& rules, const catalog::Catalog& catalog,
                           const cim::Maps& maps) {
  RuleBook book;
  book.catalog_ = &catalog;
  book.maps_ = &maps;
  book.rules_.resize(rules.size());
  for (std::uint32_t k = 0; k < rules.size(); ++k) {
    book.rules_[k].rule = rules[k];
    book.compile_rule(book.rules_[k], k);
  }
  return book;
}

void RuleBook::compile_rule(CompiledRule& compiled, std::uint32_t index) {
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
    (void)pipeline::Stream::build(*compiled.plan, *compiled.plan->root, context, problems);
    (void)plan_maps(compiled, *compiled.plan->pipeline, problems);
    for (std::size_t k = before; k < problems.size(); ++k) problems[k].span = compiled.plan->expanded.original(problems[k].span);
  }
  const spl::TextProblem* first = nullptr;
  for (const spl::TextProblem& p : problems) {
    compiled.diagnostics.push_back(located(rule, p));
    if (p.severity == base::Severity::error && !first) first = &p;
  }
  if (first) {
    compiled.status = is_unsupported(first->code) ? Status::unsupported : Status::invalid;
    compiled.reason = first->message;
    return;
  }
  std::vector<const spl::Plan*> plans{compiled.plan.get()};
  for (const auto& plan : compiled.map_plans) plans.push_back(plan.get());
  for (const spl::Plan* plan : plans)
    for (const spl::Feed& feed : plan->feeds) {
      compiled.reads_risk = compiled.reads_risk || feed.dataset == risk_dataset;
      if (feed.dataset.empty() || feed.dataset == risk_dataset || maps_->feeds(feed.dataset)) continue;
      compiled.status = Status::unsupported;
      compiled.reason = "no source Escudo reads fills the data model " + feed.dataset;
      return;
    }
  for (const spl::Plan* plan : plans)
    for (const spl::Feed& feed : plan->feeds) {
      if (!feed.dataset.empty() || can_be_fed(feed.filter, *maps_)) continue;
      compiled.status = Status::unsupported;
      compiled.reason = "it reads " + wanted_source(feed.filter) + ", which no source of Escudo gives";
      return;
    }
  if (std::string table = missing_table(*compiled.plan->pipeline, *catalog_); !table.empty()) {
    compiled.status = Status::partly;
    compiled.reason = "lookup " + table + " is a table that a site keeps for itself; it counts as empty";
  }
  for (const spl::Plan* plan : plans)
    for (std::uint32_t k = 0; k < plan->feeds.size(); ++k)
      if (plan->feeds[k].dataset != risk_dataset) add_feed(index, k, plan->feeds[k], plan != compiled.plan.get());
}

// Plans the search of every `map`, also those within brackets. False after a problem.
bool RuleBook::plan_maps(CompiledRule& compiled, const spl::Pipeline& pipeline, std::vector<spl::TextProblem>& problems) {
  for (const spl::Command& command : pipeline.commands) {
    if (const auto* map = std::get_if<spl::Map>(&command.verb)) {
      std::string any;
      std::size_t at = 0;
      for (const spl::MapToken& token : spl::map_tokens(map->search)) {
        any += map->search.substr(at, token.begin - at) + "*";
        at = token.end;
      }
      any += map->search.substr(at);
      std::vector<spl::TextProblem> inner;
      auto plan = spl::make_plan(any, *catalog_, inner);
      for (spl::TextProblem& p : inner) {
        p.span = map->search_span;
        problems.push_back(std::move(p));
      }
      if (!plan) return false;
      compiled.map_plans.push_back(std::move(plan));
    }
    for (const spl::PipelinePtr& child : spl::sub_pipelines(command))
      if (!plan_maps(compiled, *child, problems)) return false;
  }
  return true;
}

void RuleBook::add_feed(std::uint32_t rule, std::uint32_t number, const spl::Feed& planned, bool kept_for_map) {
  Feed feed;
  feed.kept_for_map = kept_for_map;
  feed.rule = rule;
  feed.number = number;
  feed.dataset = planned.dataset.empty() ? cim::DatasetId::raw() : maps_->dataset(planned.dataset);
  feed.condition = match::Condition::compile(planned.filter, feed.dataset.index, predicates_);
  feed.everything = planned.needs.everything;
  feed.patterns.assign(planned.needs.patterns.begin(), planned.needs.patterns.end());
  feed.columns.assign(planned.needs.names.begin(), planned.needs.names.end());
  // Evidence and every aggregate over time look at _time.
  if (std::find(feed.columns.begin(), feed.columns.end(), "_time") == feed.columns.end()) feed.columns.emplace_back("_time");
  for (const std::string& column : feed.columns)
    feed.features.push_back(predicates_.feature(feed.dataset.index, event::intern(column)));
  feeds_.push_back(std::move(feed));
}

}  // namespace escudo::detect
