// Tested by tests/replay/catalogue.cpp.
#include "replay/catalogue.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/wildcard.hpp"
#include "base/yaml.hpp"

namespace escudo::replay {
namespace {

void fill(std::string& to, const std::string& from) {
  if (to.empty()) to = from;
}

void merge(Dataset& to, const Dataset& from) {
  if (!to.content) to.content = from.content;
  fill(to.file, from.file);
  fill(to.source, from.source);
  fill(to.sourcetype, from.sourcetype);
  fill(to.host, from.host);
}

// The part of a path that begins at its last folder "datasets"; "" when there is none.
std::string upstream_path(const std::string& path) {
  const std::size_t at = ("/" + path).rfind("/datasets/");
  return at == std::string::npos ? std::string() : path.substr(at);
}

}  // namespace

Dataset& Catalogue::entry(const std::string& address) {
  const std::string name = dataset_name(address);
  const auto [at, fresh] = datasets_.try_emplace(name);
  Dataset& out = at->second;
  if (fresh) {
    out.name = name;
    out.address = std::string(base::trim(address));
    if (const auto known = known_.find(name); known != known_.end()) merge(out, known->second);
  }
  return out;
}

void Catalogue::add(const std::string& address) {
  if (name_trouble(dataset_name(address)).empty()) entry(address);
}

void Catalogue::add_rules(const rules::RuleSet& rules) {
  for (const rules::RulePtr& rule : rules.rules) {
    for (const rules::RuleTest& test : rule->tests) {
      for (const rules::TestData& data : test.data) {
        Dataset& dataset = entry(data.data);
        fill(dataset.source, data.source);
        fill(dataset.sourcetype, data.sourcetype);
        fill(dataset.host, data.host);
        const auto at = std::ranges::lower_bound(dataset.detections, rule->name);
        if (at == dataset.detections.end() || *at != rule->name)
          dataset.detections.insert(at, rule->name);
      }
    }
  }
}

base::Result<void> Catalogue::add_index(const std::string& path, bool all,
                                        std::vector<std::string>& problems) {
  if (!base::exists(path)) return base::Error{"there is no " + path};
  auto done = base::is_folder(path) ? add_checkout(path, problems) : add_table(path, problems);
  if (!done) return done;
  for (auto& [name, dataset] : datasets_) {
    if (const auto known = known_.find(name); known != known_.end()) merge(dataset, known->second);
  }
  if (all) {
    for (const auto& [name, dataset] : known_) entry(name);
  }
  return {};
}

base::Result<void> Catalogue::add_table(const std::string& path,
                                        std::vector<std::string>& problems) {
  const auto text = base::read_file(path, 256ull << 20);
  if (!text) return base::Error{text.error()};
  std::size_t number = 0, taken = 0;
  for (std::string_view line : base::split(*text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (number == 1 && line.starts_with("path\t"))) continue;
    const auto cells = base::split(line, '\t');
    Content content;
    const bool sized =
        cells.size() >= 3 &&
        std::from_chars(cells[2].data(), cells[2].data() + cells[2].size(), content.bytes).ptr ==
            cells[2].data() + cells[2].size() &&
        !cells[2].empty();
    if (!sized || !is_sha256(cells[1]) ||
        !name_trouble(dataset_name(std::string(cells[0]))).empty()) {
      problems.push_back(path + ":" + std::to_string(number) +
                         ": is not path, sha256 and bytes with tabs between");
      continue;
    }
    content.sha256 = cells[1];
    Dataset& known = known_[dataset_name(std::string(cells[0]))];
    known.content = content;
    ++taken;
  }
  if (taken == 0)
    return base::Error{path +
                       " names no dataset; a line is path, sha256 and bytes with tabs between"};
  return {};
}

base::Result<void> Catalogue::add_checkout(const std::string& folder,
                                           std::vector<std::string>& problems) {
  std::size_t taken = 0;
  const std::size_t skip = folder.size() + (folder.ends_with('/') ? 0 : 1);
  for (const std::string& path : base::files_under(folder, problems)) {
    const std::string below = path.substr(skip);
    if (below.starts_with(".git/") || below.starts_with("objects/") ||
        below.starts_with("partial/"))
      continue;
    if (path.ends_with(".yml") || path.ends_with(".yaml")) {
      const std::size_t before = known_.size();
      add_dataset_yaml(path, problems);
      taken += known_.size() - before;
      continue;
    }
    const std::string name = upstream_path(below);
    if (name.empty() || !name_trouble(name).empty()) continue;
    Dataset& known = known_[name];
    ++taken;
    const std::uint64_t bytes = base::file_size(path);
    if (bytes <= most_pointer_bytes) {
      if (const auto text = base::read_file(path, most_pointer_bytes);
          text && looks_like_pointer(*text)) {
        known.content = parse_pointer(*text);
        if (!known.content) problems.push_back(path + ": is a damaged Git LFS pointer");
        continue;
      }
    }
    known.file = path;
  }
  if (taken == 0)
    return base::Error{folder +
                       " holds no datasets; a checkout of attack_data has them under datasets/"};
  return {};
}

// Two shapes: `datasets: [{path, source, sourcetype}]`, and before that `dataset: [address]` with
// `sourcetypes: [one]`.
void Catalogue::add_dataset_yaml(const std::string& path, std::vector<std::string>& problems) {
  const auto yaml = base::Yaml::read_file(path);
  if (!yaml) {
    problems.push_back(yaml.error());
    return;
  }
  for (const base::Yaml& item : (*yaml)["datasets"].items()) {
    const std::string name = dataset_name(item.is_scalar() ? item.text() : item["path"].text());
    if (!name_trouble(name).empty()) continue;
    Dataset& known = known_[name];
    fill(known.source, item["source"].text());
    fill(known.sourcetype, item["sourcetype"].text());
  }
  const auto sourcetypes = (*yaml)["sourcetypes"].strings();
  for (const std::string& address : (*yaml)["dataset"].strings()) {
    const std::string name = dataset_name(address);
    if (!name_trouble(name).empty()) continue;
    Dataset& known = known_[name];
    // With several it is not told which is whose.
    if (sourcetypes.size() == 1) fill(known.sourcetype, sourcetypes.front());
  }
}

const Dataset* Catalogue::find(const std::string& name) const {
  const auto at = datasets_.find(name);
  return at == datasets_.end() ? nullptr : &at->second;
}

std::vector<const Dataset*> Catalogue::choose(const std::vector<std::string>& patterns,
                                              std::vector<std::string>& unmatched) {
  std::set<std::string> chosen;
  for (const std::string& written : patterns) {
    const base::WildcardPattern pattern(dataset_name(written));
    bool hit = false;
    for (const auto& [name, dataset] : datasets_) {
      if (pattern.matches(name) || std::ranges::any_of(dataset.detections, [&](const auto& d) {
            return pattern.matches(d);
          })) {
        chosen.insert(name);
        hit = true;
      }
    }
    if (hit) continue;
    const std::string name = dataset_name(written);
    if (written.find('*') == std::string::npos && name_trouble(name).empty() &&
        (known_.contains(name) || addresses_of(name, ""))) {
      chosen.insert(entry(written).name);
    } else {
      unmatched.push_back(written);
    }
  }
  std::vector<const Dataset*> out;
  for (const auto& [name, dataset] : datasets_) {
    if (patterns.empty() || chosen.contains(name)) out.push_back(&dataset);
  }
  return out;
}

}  // namespace escudo::replay
