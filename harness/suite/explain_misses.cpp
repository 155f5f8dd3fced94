#include "harness/suite/explain_misses.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "detect/explain.hpp"

namespace escudo::harness {
namespace {

using Explainers = std::vector<std::unique_ptr<detect::Explainer>>;

bool is_miss(const Test& test, const TestReport& report) {
  return test.rule && test.runs() && report.state == State::fail && report.findings == 0;
}

// False when it was stopped.
bool take_all(const Suite& suite, const Reading& reading, const sources::OpenOptions& open,
              const std::atomic<bool>* stop, const Explainers& explainers) {
  Renamed renamed(suite, reading);
  auto source =
      sources::open(suite.datasets[reading.dataset].located.path, reading.open_options(open));
  event::Batch batch;
  while (source->next(batch)) {
    if (stop && stop->load(std::memory_order_relaxed)) return false;
    if (batch.events.empty()) continue;
    batch.origin = renamed.of(batch.origin);
    for (const auto& explainer : explainers) explainer->take(batch);
  }
  return true;
}

}  // namespace

void explain_misses(const Suite& suite, const Readings& plan, const sources::OpenOptions& open,
                    std::size_t most, const std::atomic<bool>* stop, Report& report) {
  std::map<std::size_t, std::vector<std::size_t>> misses;  // group -> tests
  std::vector<std::size_t> group_of(suite.tests.size(), plan.groups.size());
  for (std::size_t g = 0; g < plan.groups.size(); ++g) {
    for (const std::size_t t : plan.groups[g].tests) group_of[t] = g;
  }
  std::size_t chosen = 0;
  for (std::size_t t = 0; t < suite.tests.size() && chosen < most; ++t) {
    if (!is_miss(suite.tests[t], report.tests[t]) || group_of[t] == plan.groups.size()) continue;
    misses[group_of[t]].push_back(t);
    ++chosen;
  }
  for (const auto& [group, tests] : misses) {
    Explainers explainers;
    for (const std::size_t t : tests) {
      explainers.push_back(std::make_unique<detect::Explainer>(
          suite.book->rules()[*suite.tests[t].rule].rule, suite.book->catalog(), suite.book->maps(),
          std::nullopt));
    }
    for (const std::size_t r : plan.groups[group].readings) {
      if (!take_all(suite, plan.readings[r], open, stop, explainers)) return;
    }
    for (std::size_t k = 0; k < tests.size(); ++k) {
      for (Failure& failure : report.tests[tests[k]].failures) {
        if (failure.code == "no-findings") failure.detail = detect::print(explainers[k]->finish());
      }
    }
  }
}

}  // namespace escudo::harness
