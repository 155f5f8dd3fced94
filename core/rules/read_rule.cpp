// The three generations differ in where things stand: v4 and v5 keep most under `tags`, v6 at the
// top level. Everything but the risk is read from wherever it is found.

#include "rules/read_rule.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "rules/fields.hpp"
#include "rules/risk_spec.hpp"
#include "rules/schedule.hpp"

namespace escudo::rules {
namespace {

constexpr std::array<std::string_view, 4> types{"TTP", "Anomaly", "Hunting", "Correlation"};

bool is_type(const std::string& type) {
  return std::ranges::any_of(types, [&](auto t) { return base::iequals(t, type); });
}

bool has_any(const base::Yaml& map, std::initializer_list<std::string_view> keys) {
  return std::ranges::any_of(keys, [&](auto key) { return static_cast<bool>(map[key]); });
}

Generation generation_of(const base::Yaml& document) {
  if (document["rba"]) return Generation::v5;
  const base::Yaml tags = document["tags"];
  if (!tags) return Generation::v6;
  const bool scored =
      has_any(tags, {"confidence", "impact", "risk_score", "observable", "message"});
  return scored ? Generation::v4 : Generation::v5;
}

std::optional<RiskSpec> risk_of(Generation generation, const Fields& document, const Fields& tags) {
  switch (generation) {
    case Generation::v4:
      return risk_v4(tags);
    case Generation::v5:
      return document["rba"].is_map() ? risk_v5(document.map("rba")) : std::nullopt;
    case Generation::v6:
      return risk_v6(document);
  }
  return {};
}

// From the top level, else from `tags`.
std::vector<std::string> texts_anywhere(const Fields& document, const Fields& tags,
                                        const std::string& key) {
  return document.has(key) ? document.texts(key) : tags.texts(key);
}

// Long URLs get folded over lines, which leaves blanks in them.
std::string without_blanks(const std::string& text) {
  if (text.find("://") == std::string::npos) return text;
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return !base::is_space(c); });
  return out;
}

std::vector<RuleTest> tests_of(const Fields& document) {
  std::vector<RuleTest> out;
  for (const base::Yaml& node : document.maps("tests")) {
    const Fields test = document.inside(node);
    RuleTest& made = out.emplace_back();
    made.name = test.text("name");
    for (const base::Yaml& item : test.maps("attack_data")) {
      const Fields data = test.inside(item);
      made.data.push_back({without_blanks(data.text("data")), data.text("source"),
                           data.text("sourcetype"), data.text("host")});
    }
  }
  return out;
}

void read_schedule_and_throttle(const Fields& document, const Fields& tags, Rule& rule) {
  Schedule own = read_schedule(document.map("custom_schedule"));
  if (own.empty() && document["deployment"].is_map()) {
    own = read_schedule(document.map("deployment").map("scheduling"));
  }
  rule.cron = own.cron;
  rule.earliest = own.earliest;
  rule.latest = own.latest;

  const Fields& holder = document.has("throttling") ? document : tags;
  const Fields throttling = holder.map("throttling");
  rule.throttle_fields = throttling.texts("fields");
  rule.throttle_period = throttling.text("period");
}

void warn_of_type(const Fields& document, const Rule& rule) {
  if (rule.type.empty() || is_type(rule.type)) return;
  const std::string near =
      base::nearest(rule.type, std::vector<std::string>(types.begin(), types.end()));
  document.warn(
      document["type"], "unknown-type", "`" + rule.type + "` is no type of detection",
      near.empty() ? "TTP, Anomaly, Hunting and Correlation are" : "did you mean `" + near + "`?");
}

}  // namespace

bool is_detection(const base::Yaml& document) {
  if (!document.is_map()) return false;
  const std::string type = document["type"].text();
  if (base::iequals(type, "Baseline") || base::iequals(type, "Investigation")) return false;
  if (document["search"]) return true;
  const bool other =
      has_any(document, {"definition", "scheduling", "alert_action", "cron_schedule"});
  if (other) return false;
  if (has_any(document, {"rba", "finding", "intermediate_findings", "data_source"})) return true;
  return is_type(type) || document["tags"]["mitre_attack_id"];
}

std::shared_ptr<Rule> read_rule(const base::Yaml& document, const std::string& path,
                                base::Diagnostics& problems) {
  const Fields fields(document, problems);
  const auto name =
      fields.required_text("name", "a detection has a `name`, an `id` and a `search`");
  const auto id =
      fields.required_text("id", "any text that no other detection uses; a UUID is usual");
  const auto search = fields.required_text("search", "the SPL to run, quoted or as a block (`|-`)");
  if (!name || !id || !search) return {};

  auto rule = std::make_shared<Rule>();
  rule->name = base::trim(*name);
  rule->id = base::trim(*id);
  rule->search = *search;
  rule->type = fields.text("type");
  rule->status = fields.text("status");
  rule->path = path;
  rule->generation = generation_of(document);
  rule->document = document;
  rule->search_node = document["search"];

  const Fields tags = fields.map("tags");
  rule->data_sources = fields.texts(fields.has("data_source") ? "data_source" : "data_sources");
  rule->mitre_attack = texts_anywhere(fields, tags, "mitre_attack_id");
  rule->analytic_stories = texts_anywhere(fields, tags, "analytic_story");
  rule->manual_test =
      fields.has("manual_test") ? fields.text("manual_test") : tags.text("manual_test");
  rule->risk = risk_of(rule->generation, fields, tags);
  rule->tests = tests_of(fields);
  read_schedule_and_throttle(fields, tags, *rule);
  warn_of_type(fields, *rule);
  return rule;
}

}  // namespace escudo::rules
