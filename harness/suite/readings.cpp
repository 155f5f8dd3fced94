#include "harness/suite/readings.hpp"

#include <map>

#include "base/text.hpp"

namespace escudo::harness {
namespace {

class Planner {
 public:
  explicit Planner(const Suite& suite) : suite_(suite) {}

  Readings plan(bool cross_fire) {
    std::map<std::vector<std::string>, std::size_t> readings;
    std::map<std::vector<std::size_t>, std::size_t> groups;
    out_.by_dataset.resize(suite_.datasets.size());
    out_.tests_of.resize(suite_.datasets.size(), 0);
    for (std::size_t t = 0; t < suite_.tests.size(); ++t) {
      const Test& test = suite_.tests[t];
      if (!test.runs()) continue;
      std::vector<std::size_t> seen;
      for (const Input& input : test.inputs) {
        // Splunk compares these names without regard to case.
        const auto [it, fresh] =
            readings.try_emplace({std::to_string(input.dataset), base::to_lower(input.source),
                                  base::to_lower(input.sourcetype), base::to_lower(input.host)},
                                 out_.readings.size());
        if (fresh) {
          out_.readings.push_back({input.dataset, input.source, input.sourcetype, input.host, {}});
          out_.by_dataset[input.dataset].push_back(it->second);
        }
        seen.push_back(it->second);
        ++out_.tests_of[input.dataset];
      }
      const auto [it, fresh] = groups.try_emplace(seen, out_.groups.size());
      if (fresh) {
        out_.groups.push_back({seen, {}, {}, false, false});
        for (const std::size_t reading : std::set<std::size_t>(seen.begin(), seen.end())) {
          out_.readings[reading].groups.push_back(it->second);
        }
      }
      Group& group = out_.groups[it->second];
      group.tests.push_back(t);
      if (test.rule)
        group.rules.insert(*test.rule);
      else
        add_rules(*test.golden, group);
    }
    if (cross_fire) add_cross_fire();
    return std::move(out_);
  }

 private:
  void add_rules(const Case& c, Group& group) const {
    for (std::uint32_t k = 0; k < suite_.book->rules().size(); ++k) {
      if (suite_.concerns(c, *suite_.book->rules()[k].rule)) group.rules.insert(k);
    }
  }

  // The first reading of each dataset that stands alone is seen by every detection. A case says
  // itself what else may be found in its logs.
  void add_cross_fire() {
    std::vector<bool> of_detections(suite_.datasets.size(), false);
    for (const Test& test : suite_.tests) {
      if (!test.rule || !test.runs()) continue;
      for (const Input& input : test.inputs) of_detections[input.dataset] = true;
    }
    for (std::size_t d = 0; d < out_.by_dataset.size(); ++d) {
      const auto& readings = out_.by_dataset[d];
      if (readings.empty() || !of_detections[d]) continue;
      Group* chosen = nullptr;
      for (const std::size_t reading : readings) {
        for (const std::size_t group : out_.readings[reading].groups) {
          if (!chosen && out_.groups[group].readings.size() == 1) chosen = &out_.groups[group];
        }
      }
      if (!chosen) {
        out_.readings[readings.front()].groups.push_back(out_.groups.size());
        chosen = &out_.groups.emplace_back(Group{{readings.front()}, {}, {}, false, false});
      }
      chosen->all = chosen->crossed = true;
    }
  }

  const Suite& suite_;
  Readings out_;
};

}  // namespace

Readings plan_readings(const Suite& suite, bool cross_fire) {
  return Planner(suite).plan(cross_fire);
}

sources::OpenOptions Reading::open_options(sources::OpenOptions open) const {
  open.source = source;
  open.sourcetype = sourcetype;
  open.host = host;
  return open;
}

std::shared_ptr<const event::Origin> Renamed::of(
    const std::shared_ptr<const event::Origin>& origin) {
  if (last_ == origin) return renamed_;
  const Dataset& dataset = suite_.datasets[reading_.dataset];
  auto made = std::make_shared<event::Origin>(*origin);
  if (made->path.starts_with(dataset.located.path)) {
    made->path.replace(0, dataset.located.path.size(), dataset.name);
  }
  made->source = reading_.source;
  made->sourcetype = reading_.sourcetype;
  made->host = reading_.host;
  last_ = origin;
  renamed_ = std::move(made);
  return renamed_;
}

}  // namespace escudo::harness
