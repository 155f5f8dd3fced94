// escudo rules list, escudo rules check, escudo rules explain
#include <charconv>
#include <cstdio>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/wildcard.hpp"
#include "commands.hpp"
#include "detect/explain.hpp"
#include "detect/lints.hpp"
#include "detect/reach.hpp"
#include "detect/readings.hpp"
#include "detect/streaming.hpp"
#include "runtime/scan.hpp"
#include "spl/walk.hpp"
#include "shared_options.hpp"

namespace escudo::agent {
namespace {

bool chosen(const rules::Rule& rule, const std::vector<std::string>& names) {
  if (names.empty()) return true;
  for (const std::string& name : names)
    if (base::iequals(name, rule.id) || base::WildcardPattern(name).matches(rule.name)) return true;
  return false;
}

base::Result<bool> as_lines(const Arguments& arguments) {
  const std::string format = arguments.text("format", "table");
  if (format == "jsonl") return true;
  if (format == "table") return false;
  return base::Error{"--format is table or jsonl here, not `" + base::harmless(format) + "`"};
}

std::string list_line(const rules::Rule& rule) {
  std::string line;
  base::JsonWriter json(line);
  json.begin_object().member("name", rule.name).member("id", rule.id).member("type", rule.type).member("status", rule.status);
  json.key("mitre_attack").begin_array();
  for (const std::string& id : rule.mitre_attack) json.value(id);
  json.end_array();
  if (rule.risk) json.member("score", rule.risk->score());
  json.member("path", rule.path).end_object();
  return line + "\n";
}

// The construct at fault: the first error, of a rule that runs partly its first warning.
const base::Diagnostic* first_error(const detect::CompiledRule& rule) {
  for (const base::Diagnostic& d : rule.diagnostics)
    if (d.severity == base::Severity::error) return &d;
  if (rule.status == detect::Status::partly && !rule.diagnostics.empty()) return &rule.diagnostics.front();
  return nullptr;
}

// Also those that only its filter looks at.
std::set<std::string> feed_fields(const spl::Feed& feed) {
  std::set<std::string> out = feed.needs.names;
  const auto add = [&](const auto& self, const spl::SearchExpr& expr) -> void {
    if (!expr.field.empty()) out.insert(expr.field);
    if (expr.kind == spl::SearchExpr::Kind::term) out.insert("_raw");
    for (const spl::SearchExpr& part : expr.parts) self(self, part);
  };
  add(add, feed.filter);
  return out;
}

// "Security 4624 4625, Microsoft-Windows-Sysmon/Operational 1"
std::string events_text(const spl::Feed& feed, const detect::Reach& reach) {
  if (feed.dataset == "Risk.All_Risk") return "the findings of the run";
  std::string out;
  for (const detect::Reached& events : reach.of(feed)) {
    out += (out.empty() ? "" : ", ") + (events.channel.empty() ? std::string("any Windows channel without a map") : events.channel);
    for (std::int32_t id : events.ids) out += " " + std::to_string(id);
  }
  return out.empty() ? "none that Escudo reads" : out;
}

std::set<std::string> lookups_of(const spl::Pipeline& pipeline) {
  std::set<std::string> out;
  for (const spl::Command& command : pipeline.commands) {
    if (const auto* lookup = std::get_if<spl::Lookup>(&command.verb)) out.insert(lookup->table);
    if (const auto* input = std::get_if<spl::InputLookup>(&command.verb)) out.insert(input->table);
    for (const spl::PipelinePtr& inner : spl::sub_pipelines(command)) out.merge(lookups_of(*inner));
  }
  return out;
}

// Which events each base search asks for, and which of their fields.
void write_needs(base::JsonWriter& json, const detect::CompiledRule& rule, const detect::Reach& reach) {
  json.begin_object().key("feeds").begin_array();
  std::set<std::string> macros, lookups;
  for (const spl::Plan* plan : rule.plans()) {
    macros.insert(plan->macros.begin(), plan->macros.end());
    lookups.merge(lookups_of(*plan->pipeline));
    for (const spl::Feed& feed : plan->feeds) {
      json.begin_object().member("source", feed.dataset.empty() ? std::string("raw") : feed.dataset).key("events").begin_array();
      for (const detect::Reached& events : reach.of(feed)) {
        json.begin_object().member("channel", events.channel.empty() ? std::string("*") : events.channel).key("ids").begin_array();
        for (std::int32_t id : events.ids) json.value(static_cast<std::int64_t>(id));
        json.end_array().end_object();
      }
      json.end_array().key("fields").begin_array();
      if (feed.needs.everything) json.value("*");
      for (const std::string& name : feed_fields(feed)) json.value(name);
      for (const std::string& pattern : feed.needs.patterns) json.value(pattern);
      json.end_array().end_object();
    }
  }
  json.end_array().key("macros").begin_array();
  for (const std::string& name : macros) json.value(name);
  json.end_array().key("lookups").begin_array();
  for (const std::string& name : lookups) json.value(name);
  json.end_array().end_object();
}

std::string check_line(const detect::CompiledRule& rule, const runtime::Knowledge& knowledge, const detect::Reach& reach, const base::Diagnostics& lints) {
  std::string line;
  base::JsonWriter json(line);
  json.begin_object().member("name", rule.rule->name).member("id", rule.rule->id).member("path", rule.rule->path);
  json.member("status", detect::status_name(rule.status)).member("reason", rule.reason);
  json.key("span");
  if (const base::Diagnostic* d = first_error(rule))
    json.begin_object().member("line", static_cast<std::uint64_t>(d->line)).member("column", static_cast<std::uint64_t>(d->column)).member("code", d->code).end_object();
  else json.null();
  json.key("needs");
  write_needs(json, rule, reach);
  json.key("notes").begin_array();
  for (const std::string& note : detect::readings(rule, knowledge.catalog, reach)) json.value(note);
  json.end_array().key("lints").begin_array();
  for (const base::Diagnostics* all : {&rule.diagnostics, &lints})
    for (const base::Diagnostic& d : *all) {
      if (d.severity == base::Severity::error) continue;
      json.begin_object().member("code", d.code).member("message", d.message).member("hint", d.hint);
      json.member("line", static_cast<std::uint64_t>(d.line)).member("column", static_cast<std::uint64_t>(d.column)).end_object();
    }
  json.end_array().end_object();
  return line + "\n";
}

}  // namespace

int run_rules_list(const Arguments& arguments) {
  auto lines = as_lines(arguments);
  if (!lines) return usage_error(lines.error(), &arguments.command());
  Status status(false);
  auto knowledge = load_knowledge(arguments, status);
  for (const rules::RulePtr& rule : knowledge->rule_set.rules) {
    if (!chosen(*rule, arguments.positional())) continue;
    if (*lines) std::fputs(list_line(*rule).c_str(), stdout);
    else std::printf("%-10s %s\n", base::harmless(rule->type).c_str(), base::harmless(rule->name).c_str());
  }
  return knowledge->rule_set.failed_paths.empty() ? kDone : kIncomplete;
}

int run_rules_check(const Arguments& arguments) {
  auto lines = as_lines(arguments);
  if (!lines) return usage_error(lines.error(), &arguments.command());
  Status status(false);
  auto knowledge = load_knowledge(arguments, status);
  const detect::Linter linter(knowledge->catalog, *knowledge->maps);
  const detect::Reach reach(*knowledge->maps);
  std::uint64_t total = 0, count[4] = {}, warnings = 0;
  for (const detect::CompiledRule& rule : knowledge->book->rules()) {
    if (!chosen(*rule.rule, arguments.positional())) continue;
    ++total;
    ++count[static_cast<int>(rule.status)];
    const base::Diagnostics lints = linter.lint(rule);
    warnings += lints.size();
    if (*lines) {
      std::fputs(check_line(rule, *knowledge, reach, lints).c_str(), stdout);
      continue;
    }
    std::printf("%-11s %s%s%s\n", std::string(detect::status_name(rule.status)).c_str(), base::harmless(rule.rule->name).c_str(),
                rule.reason.empty() ? "" : ": ", base::harmless(rule.reason).c_str());
    for (const base::Diagnostic& d : rule.diagnostics) status.show(d);
    for (const base::Diagnostic& d : lints) status.show(d);
  }
  count[static_cast<int>(detect::Status::invalid)] += knowledge->rule_set.failed_paths.size();
  total += knowledge->rule_set.failed_paths.size();
  if (*lines) {
    std::string line;
    base::JsonWriter json(line);
    json.begin_object().member("type", "summary").member("total", total);
    for (auto s : {detect::Status::runs, detect::Status::partly, detect::Status::unsupported, detect::Status::invalid})
      json.member(detect::status_name(s), count[static_cast<int>(s)]);
    json.end_object();
    std::printf("%s\n", line.c_str());
  } else {
    std::printf("%llu detection%s: %llu run%s, %llu partly, %llu unsupported, %llu invalid\n", static_cast<unsigned long long>(total), total == 1 ? "" : "s",
                static_cast<unsigned long long>(count[0]), count[0] == 1 ? "s" : "", static_cast<unsigned long long>(count[1]),
                static_cast<unsigned long long>(count[2]), static_cast<unsigned long long>(count[3]));
  }
  if (total == 0) {
    status.warn("no detection was checked");
    return kNothing;
  }
  const bool incomplete = count[3] > 0 || (arguments.has("strict") && count[1] + count[2] > 0);
  return incomplete ? kIncomplete : kDone;
}

namespace {

struct EventChoice {
  std::string path;
  std::optional<std::uint64_t> record;
};

// "logs/a.evtx:4711"; without a record the whole of it.
EventChoice event_choice(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string_view digits = std::string_view(text).substr(colon == std::string::npos ? text.size() : colon + 1);
  std::uint64_t record = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), record);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return {text, std::nullopt};
  return {text.substr(0, colon), record};
}

// Shows why the chosen event gave nothing. False when the input could not be read whole.
bool explain_event(const detect::CompiledRule& rule, const runtime::Knowledge& knowledge, const EventChoice& choice, Status& status) {
  detect::Explainer explainer(rule.rule, knowledge.catalog, *knowledge.maps, choice.record, knowledge.rule_set.rules);
  std::vector<std::string> problems;
  bool whole = true;
  for (const runtime::InputFile& file : runtime::input_files({choice.path}, problems)) {
    auto source = sources::open(file.path, sources::OpenOptions{});
    event::Batch batch;
    while (source->next(batch)) explainer.take(batch);
    for (const sources::FileReport& report : source->reports()) {
      if (report.state == sources::FileReport::State::read) continue;
      if (report.state == sources::FileReport::State::not_a_log && !file.named) continue;
      status.warn(report.path + ": " + (report.reasons.empty() ? "is in no format Escudo knows" : report.reasons.front()));
      whole = false;
    }
  }
  for (const std::string& problem : problems) status.warn(problem);
  std::fputs(detect::print(explainer.finish()).c_str(), stdout);
  return whole && problems.empty();
}

}  // namespace

int run_rules_explain(const Arguments& arguments) {
  if (arguments.positional().empty()) return usage_error("rules explain wants the NAME or id of a detection", &arguments.command());
  Status status(false);
  auto knowledge = load_knowledge(arguments, status);
  const detect::Linter linter(knowledge->catalog, *knowledge->maps);
  const detect::Reach reach(*knowledge->maps);
  bool any = false, whole = true;
  for (const detect::CompiledRule& rule : knowledge->book->rules()) {
    if (!chosen(*rule.rule, arguments.positional())) continue;
    if (arguments.has("event")) {
      std::printf("%s%s\n", any ? "\n" : "", base::harmless(rule.rule->name).c_str());
      any = true;
      whole = explain_event(rule, *knowledge, event_choice(arguments.text("event")), status) && whole;
      continue;
    }
    std::printf("%s%s (%s)\n", any ? "\n" : "", base::harmless(rule.rule->name).c_str(), base::harmless(rule.rule->path).c_str());
    any = true;
    std::printf("status    %s%s%s\n", std::string(detect::status_name(rule.status)).c_str(), rule.reason.empty() ? "" : ": ",
                base::harmless(rule.reason).c_str());
    for (const base::Diagnostic& d : rule.diagnostics) std::fputs(d.render().c_str(), stdout);
    if (!rule.plan) continue;
    std::string macros;
    for (const std::string& name : rule.plan->macros) macros += (macros.empty() ? "" : " ") + name;
    std::printf("macros    %s\n", macros.empty() ? "none" : base::harmless(macros).c_str());
    std::printf("expanded\n");
    for (std::string_view line : base::split(rule.plan->expanded.text, '\n')) std::printf("  %s\n", base::harmless(base::trim(line)).c_str());
    std::printf("plan\n%s", spl::print(*rule.plan).c_str());
    for (std::size_t k = 0; k < rule.plan->feeds.size(); ++k)
      std::printf("events %zu  %s\n", k, base::harmless(events_text(rule.plan->feeds[k], reach)).c_str());
    std::string columns;
    for (const std::string& name : rule.plan->columns) columns += (columns.empty() ? "" : " ") + name;
    std::printf("columns   %s%s\n", base::harmless(columns).c_str(), rule.plan->columns_known ? "" : " and whatever the events bring");
    if (rule.executable()) std::printf("live      %s\n", base::harmless(detect::streaming_text(rule)).c_str());
    for (const std::string& note : detect::readings(rule, knowledge->catalog, reach)) std::printf("note      %s\n", note.c_str());
    for (const base::Diagnostic& d : linter.lint(rule)) std::fputs(d.render().c_str(), stdout);
  }
  if (any) return whole ? kDone : kIncomplete;
  status.warn("no detection has that name or id; escudo rules list names them");
  return kNothing;
}

}  // namespace escudo::agent
