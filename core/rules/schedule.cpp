#include "rules/schedule.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

namespace escudo::rules {
namespace {

// What a v6 detection that names no schedule runs by.
constexpr const char* default_name = "Default EventBasedDetection";

std::vector<base::Yaml> documents_in(const std::string& folder, base::Diagnostics& problems) {
  std::vector<base::Yaml> out;
  if (!base::is_folder(folder)) return out;
  std::vector<std::string> unreadable;
  for (const std::string& path : base::files_under(folder, unreadable)) {
    if (!path.ends_with(".yml") && !path.ends_with(".yaml")) continue;
    base::Diagnostics errors;
    if (auto document = base::Yaml::read_file(path, errors)) out.push_back(*document);
    for (base::Diagnostic& d : errors) {
      d.severity = base::Severity::warning;  // the detections run without it
      problems.push_back(std::move(d));
    }
  }
  return out;
}

}  // namespace

Schedule read_schedule(const Fields& map) {
  return {map.text("cron_schedule"), map.text("earliest_time"), map.text("latest_time")};
}

Schedules Schedules::of_checkout(const std::string& folder, base::Diagnostics& problems) {
  Schedules out;
  for (const base::Yaml& document :
       documents_in(base::join_path(folder, "deployments"), problems)) {
    const Fields fields(document, problems);
    const std::string type = base::to_lower(fields.text("type"));
    if (!type.empty()) out.by_type_.emplace(type, read_schedule(fields.map("scheduling")));
  }
  for (const base::Yaml& document : documents_in(base::join_path(folder, "schedules"), problems)) {
    const Fields fields(document, problems);
    const std::string name = fields.text("name");
    if (!name.empty()) out.by_name_.emplace(name, read_schedule(fields));
  }
  return out;
}

void Schedules::apply(Rule& rule) const {
  if (!rule.cron.empty() || !rule.earliest.empty() || !rule.latest.empty()) return;
  const Schedule* found = nullptr;
  if (rule.generation == Generation::v6) {
    const auto it = by_name_.find(rule.document["schedule"].text_or(default_name));
    if (it != by_name_.end()) found = &it->second;
  }
  if (!found) {
    const auto it = by_type_.find(base::to_lower(rule.type));
    if (it != by_type_.end()) found = &it->second;
  }
  if (!found) return;
  rule.cron = found->cron;
  rule.earliest = found->earliest;
  rule.latest = found->latest;
}

}  // namespace escudo::rules
