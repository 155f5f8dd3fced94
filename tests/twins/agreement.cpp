// twin_agreement [--rules PATH]… [--together] PATH…: runs detections over logs with the engine and
// with the twin, and fails when their findings differ.
//
// Each input file is an index of its own, which keeps the twin's events in memory small; --together
// makes one index of all. Ends with 77 (skipped, says CTest) when a path is not there.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

#include "base/files.hpp"
#include "base/json.hpp"
#include "detect/matcher.hpp"
#include "detect/risk_events.hpp"
#include "detect/run.hpp"
#include "event/number.hpp"
#include "runtime/content.hpp"
#include "runtime/knowledge.hpp"
#include "runtime/scan.hpp"
#include "sources/source.hpp"
#include "compare/compare.hpp"
#include "twin/events.hpp"

namespace {

using namespace escudo;

// Where a record stands, as evidence names it.
struct Place {
  std::string path;
  std::uint64_t record_id = 0;
  auto operator<=>(const Place&) const = default;
};

struct Counts {
  std::size_t rules = 0, not_understood = 0, findings = 0, differences = 0, events = 0;
  double engine_seconds = 0, twin_seconds = 0;
  std::map<std::string, std::size_t> reasons;
  std::map<std::string, std::size_t> found;   // detection -> findings both agree on
};

std::string shown(const event::Value& value) {
  std::string out;
  for (const std::string& one : value.values()) {
    out += ' ';
    base::append_json_string(out, twin::settled(one));
  }
  return out;
}

// A finding as text: fields by name, then the records behind it (the first hundred) and how many.
std::string shown(const std::map<std::string, event::Value>& fields, const std::vector<Place>& places,
                  std::uint64_t total) {
  std::string out;
  for (const auto& [name, value] : fields)
    if (!value.is_null() && name != "_raw") out += "    " + name + " =" + shown(value) + "\n";
  out += "    records: " + std::to_string(total) + ":";
  for (const Place& place : places) out += " " + place.path + "#" + std::to_string(place.record_id);
  return out + "\n";
}

class Agreement {
 public:
  explicit Agreement(const runtime::Knowledge& knowledge) : knowledge_(knowledge) {
    for (const detect::CompiledRule& rule : knowledge.book->rules()) {
      if (!rule.executable()) continue;
      rules_.push_back(&rule);
      searches_.push_back(std::make_unique<twin::Search>(rule.rule->search, knowledge.catalog));
    }
    counts_.rules = rules_.size();
  }

  void run(const std::vector<std::string>& files) {
    events_.clear();
    places_.clear();
    detect::Matcher matcher(*knowledge_.book);
    detect::Run run(*knowledge_.book, std::nullopt);
    twin::World world{&knowledge_.catalog, &events_, base::Time{}};
    event::Batch batch;
    for (const std::string& file : files) {
      const auto source = sources::open(file, {});
      while (source->next(batch)) {
        const double begin = now();
        run.feed(matcher.match(batch));
        counts_.engine_seconds += now() - begin;
        for (const event::Event& e : batch.events) {
          places_.push_back({batch.origin ? batch.origin->path : "", event::number_of(e)});
          if (e.has_time) world.now = std::max(world.now, e.time);
        }
        twin::decode(batch, *knowledge_.maps, events_);
      }
    }
    counts_.events += events_.size();
    const double begin = now();
    findings_ = run.finish();
    counts_.engine_seconds += now() - begin;
    compare(world, false);
    give_risk();
    compare(world, true);
  }

  const Counts& counts() const { return counts_; }

 private:
  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  // What the findings of the other rules are to the searches of Risk.All_Risk. The records behind a
  // risk event are those of its finding; the twin keeps one a row, so these are compared without.
  void give_risk() {
    std::vector<detect::Found> found;
    for (const findings::Finding& finding : findings_) found.push_back({finding, {}});
    const pipeline::Table table = detect::risk_events(found, knowledge_.catalog);
    events_.clear();
    for (const pipeline::Row& row : table.rows) {
      twin::Event one;
      one.in_raw = false;
      one.record.number = events_.size();
      twin::View& view = one.datasets[std::string(detect::risk_dataset)];
      for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (!row.cells[c].is_null()) view.fields[table.columns[c]] = row.cells[c];
      events_.push_back(std::move(one));
    }
  }

  void compare(const twin::World& world, bool of_risk) {
    std::map<const rules::Rule*, std::vector<std::string>> engine;
    for (const findings::Finding& finding : findings_) {
      std::vector<Place> places;
      for (const findings::EvidenceEvent& e : finding.evidence.events)
        places.push_back({e.origin ? e.origin->path : "", e.record_id});
      if (of_risk) places.clear();
      engine[finding.rule.get()].push_back(
          shown({finding.fields.begin(), finding.fields.end()}, places, of_risk ? 0 : finding.evidence.total));
    }
    for (std::size_t k = 0; k < rules_.size(); ++k) {
      if (rules_[k]->reads_risk != of_risk) continue;
      const double begin = now();
      const twin::Answer answer = searches_[k]->run(world);
      counts_.twin_seconds += now() - begin;
      const rules::Rule& rule = *rules_[k]->rule;
      if (!answer.ok()) {
        if (counts_.reasons[rule.name + ": " + answer.problem]++ == 0) ++counts_.not_understood;
        continue;
      }
      std::vector<std::string> right;
      for (const twin::Row& row : answer.rows) {
        if (row.records.empty()) continue;   // a count of nothing is no finding
        std::vector<Place> places;
        for (const twin::Record& r : row.records)
          if (!of_risk && places.size() < pipeline::Evidence::kKept) places.push_back(places_[r.number]);
        right.push_back(shown(row.fields, places, of_risk ? 0 : row.records.size()));
      }
      std::vector<std::string>& left = engine[&rule];
      std::sort(left.begin(), left.end());
      std::sort(right.begin(), right.end());
      counts_.findings += left.size();
      if (left == right) {
        if (!left.empty()) counts_.found[rule.name] += left.size();
        continue;
      }
      ++counts_.differences;
      report(rule, left, right);
    }
  }

  static void report(const rules::Rule& rule, const std::vector<std::string>& left, const std::vector<std::string>& right) {
    std::printf("%s: engine %zu findings, twin %zu\n", rule.name.c_str(), left.size(), right.size());
    const auto only = [](const char* who, const std::vector<std::string>& a, const std::vector<std::string>& b) {
      std::vector<std::string> out;
      std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
      for (std::size_t k = 0; k < std::min<std::size_t>(out.size(), 2); ++k) std::printf("  only the %s:\n%s", who, out[k].substr(0, 4000).c_str());
    };
    only("engine", left, right);
    only("twin", right, left);
  }

  const runtime::Knowledge& knowledge_;
  std::vector<const detect::CompiledRule*> rules_;
  std::vector<std::unique_ptr<twin::Search>> searches_;
  std::vector<twin::Event> events_;
  std::vector<Place> places_;
  std::vector<findings::Finding> findings_;
  Counts counts_;
};

}  // namespace

int main(int count, char** arguments) {
  runtime::KnowledgeOptions options;
  options.content = runtime::content_folder();
  std::vector<std::string> paths;
  bool together = false;
  for (int k = 1; k < count; ++k) {
    const std::string argument = arguments[k];
    if (argument == "--rules" && k + 1 < count)
      options.rules.emplace_back(arguments[++k]);
    else if (argument == "--together")
      together = true;
    else
      paths.push_back(argument);
  }
  std::vector<std::string> needed = paths;
  needed.insert(needed.end(), options.rules.begin(), options.rules.end());
  for (const std::string& path : needed)
    if (!base::exists(path)) {
      std::printf("skipped: there is no %s\n", path.c_str());
      return 77;
    }
  const auto knowledge = runtime::load_knowledge(options);
  Agreement agreement(*knowledge);
  std::vector<std::string> problems, all;
  for (const runtime::InputFile& file : runtime::input_files(paths, problems)) {
    if (together)
      all.push_back(file.path);
    else
      agreement.run({file.path});
  }
  if (together) agreement.run(all);
  const Counts& c = agreement.counts();
  for (const auto& [reason, times] : c.reasons) std::printf("not understood by the twin: %s\n", reason.c_str());
  std::printf("%zu detections, %zu events, %zu findings, %zu differences, %zu detections not understood; engine %.2f s, twin %.2f s\n",
              c.rules, c.events, c.findings, c.differences, c.not_understood, c.engine_seconds, c.twin_seconds);
  if (c.events == 0 || c.rules == 0) {
    std::printf("nothing was compared\n");
    return 1;
  }
  return c.differences || c.not_understood ? 1 : 0;
}
