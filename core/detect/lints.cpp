// Tested by tests/unit/runtime/lints_test.cpp.

#include "detect/lints.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "findings/finding.hpp"
#include "spl/flow.hpp"

namespace escudo::detect {
namespace {

using base::Yaml;

// Where a rule's file speaks of a field of its result: below one of these keys, as a `name` or
// `field`, or as $field$ in a text.
Yaml place_of(const Yaml& node, std::string_view key, const std::string& field, bool token) {
  if (node.is_scalar()) {
    const std::string text = node.text();
    const bool here = token ? (key == "message" || key == "title") &&
                                  text.find("$" + field + "$") != std::string::npos
                            : (key == "name" || key == "field") && text == field;
    return here ? node : Yaml();
  }
  for (const auto& [name, value] : node.members()) {
    if (Yaml found = place_of(value, name, field, token)) return found;
  }
  if (!node.is_list()) return {};
  for (const Yaml& item : node.items()) {
    if (Yaml found = place_of(item, key, field, token)) return found;
  }
  return {};
}

Yaml place_of(const rules::Rule& rule, const std::string& field, bool token) {
  for (const char* part : {"tags", "rba", "finding", "intermediate_findings", "threat_objects"}) {
    if (Yaml found = place_of(rule.document[part], part, field, token)) return found;
  }
  return rule.document;
}

std::string like_it(const std::string& field, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name != field && base::iequals(name, field)) return "it is spelled " + name;
  }
  const std::string near = base::nearest(field, names);
  return near.empty() || near == field ? std::string() : "did you mean " + near + "?";
}

void leaves(const spl::SearchExpr& expr, std::vector<const spl::SearchExpr*>& out) {
  if (!expr.field.empty()) out.push_back(&expr);
  for (const spl::SearchExpr& part : expr.parts) leaves(part, out);
}

}  // namespace

Linter::Linter(const catalog::Catalog& catalog, const cim::Maps& maps)
    : catalog_(catalog), maps_(maps) {
  for (const std::string& name : maps.known_fields()) {
    known_.insert(name);
    by_lower_.try_emplace(base::to_lower(name), name);
  }
}

base::Diagnostics Linter::lint(const CompiledRule& rule) const {
  base::Diagnostics out;
  if (rule.plan) {
    lint_risk(rule, out);
    lint_fields(rule, *rule.plan, nullptr, out);
    for (const CompiledRule::MapPlan& map : rule.map_plans) lint_fields(rule, *map.plan, &map.span, out);
  }
  lint_techniques(rule, out);
  for (base::Diagnostic& d : out) d.severity = base::Severity::warning;
  return out;
}

void Linter::lint_risk(const CompiledRule& compiled, base::Diagnostics& out) const {
  const rules::Rule& rule = *compiled.rule;
  if (!rule.risk) return;
  spl::Flow flow = spl::Flow::open();
  flow.pass(*compiled.plan->pipeline);
  std::set<std::string> said;
  const auto check = [&](const std::string& field, const char* what, bool token) {
    // Raw rows carry what their events bring: only a name no event has is certain to be missing.
    const bool may = flow.is_open()
                         ? flow.may_have(field) &&
                               (known_.contains(field) ||
                                std::ranges::find(flow.columns(), field) != flow.columns().end())
                         : flow.may_have(field);
    if (may || !said.insert(what + field).second) return;
    out.push_back(
        place_of(rule, field, token)
            .complain("no-such-column",
                      std::string(what) + " `" + field + "` is no column of the search's result",
                      like_it(field, flow.columns())));
  };
  for (const rules::RiskObject& object : rule.risk->objects)
    check(object.field, "risk object", false);
  for (const rules::ThreatObject& threat : rule.risk->threats)
    check(threat.field, "threat object", false);
  for (const std::string& token : findings::message_tokens(rule.risk->message)) {
    check(token, "message token", true);
  }
}

void Linter::lint_fields(const CompiledRule& compiled, const spl::Plan& plan,
                         const base::Span* within, base::Diagnostics& out) const {
  const rules::Rule& rule = *compiled.rule;
  std::set<std::string> said;
  const auto complain = [&](base::Span span, std::string code, std::string message,
                            std::string hint) {
    if (!said.insert(message).second) return;
    out.push_back(rule.search_node.complain_at(compiled.plan->expanded.original(within ? *within : span), std::move(code),
                                               std::move(message), std::move(hint)));
  };
  // What some command makes in some rows is no slip of a name that events bring.
  std::set<std::string> made;
  spl::Flow flow = spl::Flow::open();
  for (const spl::Command& command : plan.pipeline->commands) {
    flow.pass(command);
    made.insert(flow.columns().begin(), flow.columns().end());
  }
  const std::vector<std::string> everywhere = {"_time",   "_raw",       "index",    "host",
                                               "source",  "sourcetype", "EventID",  "EventCode",
                                               "Channel", "tag",        "eventtype"};
  const auto is_everywhere = [&](const std::string& name) {
    return std::ranges::find(everywhere, name) != everywhere.end();
  };
  for (const spl::Feed& feed : plan.feeds) {
    const catalog::Dataset* dataset =
        feed.dataset.empty() ? nullptr : catalog_.find_dataset(feed.dataset);
    std::vector<std::string> model_names;
    if (dataset) {
      for (const catalog::ModelField& field : dataset->fields) model_names.push_back(field.name);
    }
    const auto look = [&](const std::string& name, base::Span span) {
      if (name.empty() || name.find('*') != std::string::npos || is_everywhere(name)) return;
      if (dataset) {
        if (dataset->find(name)) return;
        std::string plain = name;
        if (base::istarts_with(name, feed.prefix)) plain = name.substr(feed.prefix.size());
        if (plain != name && dataset->find(plain)) {
          complain(span, "field-case",
                   "`" + name + "` is not a field of " + feed.dataset + ": it is always null",
                   "it is spelled " + feed.prefix + plain);
          return;
        }
        complain(span, "unknown-model-field",
                 "`" + name + "` is not a field of " + feed.dataset + ": it is always null",
                 like_it(plain, model_names));
        return;
      }
      if (!compiled.executable() || made.contains(name)) return;
      const auto near = by_lower_.find(base::to_lower(name));
      if (known_.contains(name) || near == by_lower_.end()) return;
      complain(span, "field-case",
               "field names are case-sensitive, and no event has `" + name + "`",
               "it is spelled " + near->second);
    };
    std::vector<const spl::SearchExpr*> terms;
    leaves(feed.has_subsearch ? feed.whole_filter : feed.filter, terms);
    for (const spl::SearchExpr* term : terms) look(term->field, term->span);
    for (const std::string& name : feed.needs.names) look(name, feed.span);
  }
}

void Linter::lint_techniques(const CompiledRule& rule, base::Diagnostics& out) const {
  for (const std::string& id : rule.rule->mitre_attack) {
    if (catalog_.find_technique(id)) continue;
    Yaml where = rule.rule->document;
    for (const Yaml& item : rule.rule->document["tags"]["mitre_attack_id"].items()) {
      if (item.text() == id) where = item;
    }
    out.push_back(where.complain(
        "unknown-technique",
        "technique `" + id + "` is not in the table: its risk events have no tactic of it",
        "content/attack/techniques.csv lists the known ones"));
  }
}

}  // namespace escudo::detect
