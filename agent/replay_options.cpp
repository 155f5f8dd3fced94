#include "replay_options.hpp"

#include <cmath>

#include "base/files.hpp"
#include "base/text.hpp"
#include "event/value.hpp"
#include "runtime/content.hpp"
#include "terminal.hpp"

namespace escudo::agent {

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  text = base::trim(text);
  std::size_t digits = 0;
  while (digits < text.size() && (base::is_digit(text[digits]) || text[digits] == '.')) ++digits;
  const auto number = event::parse_number(text.substr(0, digits));
  const std::string unit = base::to_lower(base::trim(text.substr(digits)));
  double factor = 0;
  for (const auto& [name, value] : {std::pair<const char*, double>{"", 1}, {"b", 1}, {"k", 1e3}, {"kb", 1e3}, {"m", 1e6}, {"mb", 1e6}, {"g", 1e9}, {"gb", 1e9}, {"t", 1e12}, {"tb", 1e12}})
    if (unit == name) factor = value;
  if (!number || *number < 0 || factor == 0 || *number * factor > 1e18) return {};
  return static_cast<std::uint64_t>(std::llround(*number * factor));
}

base::Result<std::optional<double>> positive(const Arguments& arguments, std::string_view option) {
  if (!arguments.has(option)) return std::optional<double>();
  const std::string text = arguments.text(option);
  const auto number = event::parse_number(text);
  if (!number || !(*number >= 0) || *number > 1e9)
    return base::Error{"--" + std::string(option) + " wants a number that is not negative, not `" + base::harmless(text) + "`"};
  return std::optional<double>(*number);
}

base::Result<replay::Store> dataset_store(const Arguments& arguments) {
  std::string folder = arguments.has("data") ? arguments.text("data") : replay::default_store_folder();
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  if (folder.empty()) return base::Error{"there is no folder for datasets: give --data DIR"};
  if (base::exists(folder) && !base::is_folder(folder)) return base::Error{folder + " is no folder"};
  return replay::Store(folder);
}

base::Result<void> add_index(replay::Catalogue& to, const std::string& index, bool all, Status& status) {
  std::vector<std::string> problems;
  auto done = to.add_index(index, all, problems);
  for (std::size_t k = 0; k < problems.size() && k < 5; ++k) status.warn(problems[k]);
  if (problems.size() > 5) status.warn("… and " + std::to_string(problems.size() - 5) + " more like these in " + index);
  if (!done) return base::Error{"--index: " + done.error()};
  return {};
}

base::Result<replay::Catalogue> dataset_catalogue(const Arguments& arguments, Status& status) {
  std::vector<std::string> rules = arguments.list("rules");
  if (rules.empty()) rules.push_back(base::join_path(runtime::content_folder(), "detections"));
  replay::Catalogue out;
  const rules::RuleSet rule_set = rules::load_rules(rules);
  for (const base::Diagnostic& d : rule_set.problems)
    if (d.severity == base::Severity::error) status.show(d);
  out.add_rules(rule_set);
  for (const std::string& index : arguments.list("index"))
    if (auto done = add_index(out, index, arguments.has("all"), status); !done) return base::Error{done.error()};
  return out;
}

base::Result<std::vector<const replay::Dataset*>> chosen_datasets(const Arguments& arguments, replay::Catalogue& catalogue) {
  std::vector<std::string> unmatched;
  auto out = catalogue.choose(arguments.positional(), unmatched);
  if (!unmatched.empty()) return base::Error{"there is no dataset and no detection with tests `" + base::harmless(unmatched.front()) + "`"};
  return out;
}

base::Result<replay::FetchOptions> fetch_options(const Arguments& arguments) {
  replay::FetchOptions out;
  out.mirror = arguments.text("base-url");
  if (arguments.has("base-url") && out.mirror.find("://") == std::string::npos)
    return base::Error{"--base-url wants an address such as https://mirror.example/attack_data or file:///media/mirror"};
  out.offline = arguments.has("offline");
  out.plan_only = arguments.has("dry-run");
  if (arguments.has("max-size")) {
    out.max_bytes = parse_bytes(arguments.text("max-size"));
    if (!out.max_bytes) return base::Error{"--max-size wants a size such as 25MB, not `" + base::harmless(arguments.text("max-size")) + "`"};
  }
  out.ca_file = arguments.text("ca-file");
  auto parallel = arguments.integer("parallel", 1, 64);
  if (!parallel) return base::Error{parallel.error()};
  if (*parallel) out.parallel = static_cast<unsigned>(**parallel);
  auto retries = arguments.integer("retries", 0, 1000);
  if (!retries) return base::Error{retries.error()};
  if (*retries) out.retries = static_cast<unsigned>(**retries);
  auto wait = positive(arguments, "retry-wait");
  if (!wait) return base::Error{wait.error()};
  if (*wait) out.first_wait_seconds = **wait;
  auto timeout = arguments.integer("timeout", 1, 86'400);
  if (!timeout) return base::Error{timeout.error()};
  if (*timeout) out.stall_seconds = static_cast<long>(**timeout), out.connect_seconds = std::min(out.connect_seconds, out.stall_seconds);
  return out;
}

replay::FetchHooks fetch_hooks(Status& status) {
  replay::FetchHooks hooks;
  hooks.stop = &watch_interrupt();
  hooks.warn = [&](const std::string& sentence) { status.warn(sentence); };
  hooks.progress = [&](const replay::FetchProgress& p) { status.progress(p.bytes_done, p.bytes_total, p.done, p.total); };
  hooks.plan = [&](const replay::FetchPlan& plan) {
    if (plan.datasets == 0) return;
    std::string text = "[+] " + std::to_string(plan.datasets) + (plan.datasets == 1 ? " dataset" : " datasets") + " to download: " +
                       std::to_string(plan.bytes) + " bytes (" + human_bytes(plan.bytes) + ")";
    if (plan.of_unknown_size) text += " and " + std::to_string(plan.of_unknown_size) + " of unknown size";
    if (plan.held) text += ", " + human_bytes(plan.held) + " of them here from before";
    status.print(text + "\n");
  };
  return hooks;
}

base::Result<ScanInputs> replay_inputs(const Arguments& arguments, Status& status) {
  ScanInputs out;
  const auto add = [&](const std::string& path, NamedInput input) {
    if (arguments.has("source")) input.source = arguments.text("source");
    if (arguments.has("sourcetype")) input.sourcetype = arguments.text("sourcetype");
    if (arguments.has("host")) input.host = arguments.text("host");
    if (out.named.emplace(path, std::move(input)).second) out.paths.push_back(path);
  };
  std::vector<std::string> names;
  for (const std::string& name : arguments.positional()) {
    if (base::exists(name) && !base::is_folder(name)) add(name, {name, "", "", ""});
    else names.push_back(name);
  }
  if (names.empty()) return out;
  auto store = dataset_store(arguments);
  if (!store) return base::Error{store.error()};
  auto catalogue = dataset_catalogue(arguments, status);
  if (!catalogue) return base::Error{catalogue.error()};
  std::vector<std::string> unmatched;
  for (const replay::Dataset* dataset : catalogue->choose(names, unmatched)) {
    const replay::Store::Found found = store->find(dataset->name);
    if (found.path.empty()) {
      status.warn(dataset->name + ": " + found.missing);
      ++out.missing;
    } else {
      add(found.path, {dataset->name, dataset->source, dataset->sourcetype, dataset->host});
    }
  }
  if (!unmatched.empty()) return base::Error{"there is no file, no dataset and no detection with tests `" + base::harmless(unmatched.front()) + "`"};
  return out;
}

}  // namespace escudo::agent
