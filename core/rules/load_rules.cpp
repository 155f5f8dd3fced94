// Paths -> RuleSet. Order of paths and of the file system does not show in the result.

#include <algorithm>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "rules/read_rule.hpp"
#include "rules/rule.hpp"
#include "rules/schedule.hpp"

namespace escudo::rules {
namespace {

base::Diagnostic problem(std::string code, std::string message, std::string file,
                         std::string hint = {}) {
  base::Diagnostic d;
  d.code = std::move(code);
  d.message = std::move(message);
  d.file = std::move(file);
  d.hint = std::move(hint);
  return d;
}

base::Diagnostic not_a_detection(const base::Yaml& document) {
  return document.complain("not-a-detection", "this file is no detection",
                           "a detection is a map with `name`, `id` and `search`");
}

bool has_errors(const base::Diagnostics& problems) {
  return std::ranges::any_of(problems,
                             [](const auto& d) { return d.severity == base::Severity::error; });
}

bool is_yaml_name(const std::string& path) {
  const std::string lower = base::to_lower(path);
  return lower.ends_with(".yml") || lower.ends_with(".yaml");
}

// Below `folder`, files and folders whose name begins with a dot are not content.
bool is_hidden(const std::string& path, const std::string& folder) {
  return std::string_view(path).substr(folder.size()).find("/.") != std::string_view::npos;
}

class Loader {
 public:
  void add(const std::string& path) {
    if (base::is_folder(path)) {
      add_folder(path);
    } else {
      add_file(path, true);
    }
  }

  RuleSet finish() {
    std::ranges::stable_sort(out_.rules, [](const RulePtr& a, const RulePtr& b) {
      return a->name != b->name ? a->name < b->name : a->path < b->path;
    });
    warn_of_duplicates();
    return std::move(out_);
  }

 private:
  void add_folder(const std::string& path) {
    const std::string detections = base::join_path(path, "detections");
    const std::string folder = base::is_folder(detections) ? detections : path;
    std::vector<std::string> unreadable;
    for (const std::string& file : base::files_under(folder, unreadable)) {
      if (is_yaml_name(file) && !is_hidden(file, folder)) add_file(file, false);
    }
    for (const std::string& sentence : unreadable) {
      out_.problems.push_back(problem("unreadable-file", sentence, ""));
    }
  }

  void add_file(const std::string& path, bool named) {
    if (!seen_.insert(path).second) return;
    base::Diagnostics problems;
    const auto document = base::Yaml::read_file(path, problems);
    std::shared_ptr<Rule> rule;
    if (document && is_detection(*document)) {
      rule = read_rule(*document, path, problems);
    } else if (document && named) {
      problems.push_back(not_a_detection(*document));
    }
    if (rule) {
      schedules_of(path).apply(*rule);
      out_.rules.push_back(std::move(rule));
    } else if (has_errors(problems)) {
      out_.failed_paths.push_back(path);
    }
    std::ranges::move(problems, std::back_inserter(out_.problems));
  }

  const Schedules& schedules_of(const std::string& path) {
    const std::string folder = base::parent_path(path);
    const auto known = checkouts_.find(folder);
    if (known != checkouts_.end()) return schedules_[known->second];
    const std::string checkout = checkout_of(folder).value_or("");
    checkouts_[folder] = checkout;
    const auto [it, fresh] = schedules_.try_emplace(checkout);
    if (fresh && !checkout.empty()) it->second = Schedules::of_checkout(checkout, out_.problems);
    return it->second;
  }

  void warn_of_duplicates() {
    std::map<std::string, const Rule*> first;
    for (const RulePtr& rule : out_.rules) {
      const auto [it, fresh] = first.emplace(base::to_lower(rule->id), rule.get());
      if (fresh) continue;
      base::Diagnostic d = rule->document["id"].complain(
          "duplicate-id", "`" + it->second->path + "` has the same id", "both are run");
      d.severity = base::Severity::warning;
      out_.problems.push_back(std::move(d));
    }
  }

  RuleSet out_;
  std::set<std::string> seen_;
  std::map<std::string, std::string> checkouts_;  // folder -> checkout, "" when in none
  std::map<std::string, Schedules> schedules_;    // by checkout
};

}  // namespace

RulePtr load_rule(const std::string& yaml, const std::string& path, base::Diagnostics& problems) {
  const auto document = base::Yaml::parse(yaml, path, problems);
  if (!document) return {};
  if (!is_detection(*document)) {
    problems.push_back(not_a_detection(*document));
    return {};
  }
  return read_rule(*document, path, problems);
}

RuleSet load_rules(const std::vector<std::string>& paths) {
  Loader loader;
  for (const std::string& path : paths) loader.add(path);
  return loader.finish();
}

double RiskSpec::score() const {
  if (objects.empty()) return base;
  return std::ranges::max(objects, {}, &RiskObject::score).score;
}

}  // namespace escudo::rules
