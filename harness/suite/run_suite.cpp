#include "harness/suite/run_suite.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "detect/run.hpp"
#include "harness/suite/explain_misses.hpp"
#include "harness/suite/readings.hpp"
#include "harness/suite/verdict.hpp"
#include "runtime/rule_demand.hpp"

namespace escudo::harness {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class SuiteRun {
 public:
  SuiteRun(const Suite& suite, const SuiteRunOptions& options, const SuiteHooks& hooks)
      : suite_(suite),
        options_(options),
        hooks_(hooks),
        plan_(plan_readings(suite, options.cross_fire)),
        kept_(plan_.groups.size(), std::vector<std::vector<detect::Matches>>(0)) {
    for (std::size_t g = 0; g < plan_.groups.size(); ++g) {
      if (plan_.groups[g].readings.size() > 1) kept_[g].resize(plan_.readings.size());
    }
  }

  Report run() {
    const auto begin = Clock::now();
    for (const Test& test : suite_.tests) report_.tests.push_back(test.report);
    golden_.resize(suite_.tests.size());
    for (const Dataset& dataset : suite_.datasets) {
      report_.datasets.push_back({});
      report_.datasets.back().name = dataset.name;
      report_.datasets.back().path = dataset.located.path;
    }
    for (std::uint32_t k = 0; k < suite_.book->rules().size(); ++k) {
      index_of_[suite_.book->rules()[k].rule.get()] = k;
    }
    read_all();
    for (std::size_t g = 0; g < plan_.groups.size(); ++g) {
      if (plan_.groups[g].readings.size() > 1 && !stopped()) finish_several(g);
    }
    finish_report();
    explain_misses(suite_, plan_, options_.open, options_.explained, hooks_.stop, report_);
    report_.seconds = seconds_since(begin);
    return std::move(report_);
  }

 private:
  bool stopped() const { return hooks_.stop && hooks_.stop->load(std::memory_order_relaxed); }

  void read_all() {
    // The largest first, so that no thread is left alone with it at the end.
    std::vector<std::size_t> order;
    std::vector<std::uint64_t> bytes(suite_.datasets.size(), 0);
    for (std::size_t d = 0; d < suite_.datasets.size(); ++d) {
      if (plan_.by_dataset[d].empty()) continue;
      order.push_back(d);
      bytes[d] = base::file_size(suite_.datasets[d].located.path);
    }
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t d) { return bytes[d]; });
    const auto total = std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0});

    std::atomic<std::size_t> next{0};
    std::size_t running =
        std::max<std::size_t>(1, std::min<std::size_t>(options_.threads, order.size()));
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::thread> threads;
    const auto work = [&] {
      for (std::size_t k; (k = next.fetch_add(1)) < order.size();) {
        if (!stopped()) read_dataset(order[k]);
        ++datasets_done_;
      }
      const std::lock_guard lock(mutex);
      --running;
      changed.notify_all();
    };
    const std::size_t count = running;
    for (std::size_t k = 0; k < count; ++k) threads.emplace_back(work);
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return running == 0; })) {
      if (hooks_.progress) hooks_.progress(bytes_done_, total, datasets_done_, order.size());
    }
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
  }

  void read_dataset(std::size_t d) {
    const auto begin = Clock::now();
    const std::string& path = suite_.datasets[d].located.path;
    struct Viewer {
      Renamed renamed;
      detect::Matcher matcher;
    };
    std::vector<std::unique_ptr<Viewer>> viewers;              // by reading
    std::map<std::size_t, std::unique_ptr<detect::Run>> runs;  // by group
    for (const std::size_t r : plan_.by_dataset[d]) {
      viewers.push_back(std::unique_ptr<Viewer>(
          new Viewer{Renamed(suite_, plan_.readings[r]), detect::Matcher(*suite_.book)}));
      for (const std::size_t g : plan_.readings[r].groups) {
        if (plan_.groups[g].readings.size() == 1) {
          runs[g] = std::make_unique<detect::Run>(*suite_.book, options_.now);
        }
      }
    }
    sources::OpenOptions open =
        plan_.readings[plan_.by_dataset[d].front()].open_options(options_.open);
    // What no rule can want need not be decoded; under several names, what they want differs.
    if (viewers.size() == 1) {
      open.demand = std::make_shared<runtime::RuleDemand>(*suite_.book, every_event_, open);
    }
    auto source = sources::open(path, open);
    event::Batch batch;
    std::uint64_t counted = 0;
    while (!stopped() && source->next(batch)) {
      const auto origin = batch.origin;
      for (std::size_t v = 0; v < viewers.size(); ++v) {
        batch.origin = origin ? viewers[v]->renamed.of(origin) : origin;
        deliver(plan_.by_dataset[d][v], viewers[v]->matcher.match(batch), runs);
      }
      bytes_done_ += source->bytes_read() - counted;
      counted = source->bytes_read();
    }
    if (const auto latest = source->latest_passed_over()) {  // for now()
      for (const std::size_t r : plan_.by_dataset[d]) {
        detect::Matches matches;
        matches.last_time = *latest;
        matches.has_time = true;
        deliver(r, std::move(matches), runs);
      }
    }
    DatasetReport& report = report_.datasets[d];
    for (const sources::FileReport& file : source->reports()) {
      report.records += file.records;
      report.damaged += file.damaged;
      report.bytes += file.bytes;
      using FileState = sources::FileReport::State;
      if (file.state == FileState::not_a_log) {
        report.reasons.push_back(file.path == path ? "in no format Escudo knows"
                                                   : file.path + " is in no format Escudo knows");
        report.unknown_format = report.unknown_format || file.path == path;
      }
      report.unreadable = report.unreadable || file.state == FileState::unreadable;
      report.reasons.insert(report.reasons.end(), file.reasons.begin(), file.reasons.end());
    }
    report.seconds = seconds_since(begin);
    for (auto& [g, run] : runs) {
      if (!stopped()) finish_group(plan_.groups[g], *run, d);
    }
  }

  void deliver(std::size_t reading, detect::Matches matches,
               std::map<std::size_t, std::unique_ptr<detect::Run>>& runs) {
    const auto& groups = plan_.readings[reading].groups;
    for (std::size_t k = 0; k < groups.size(); ++k) {
      const Group& group = plan_.groups[groups[k]];
      detect::Matches own = k + 1 == groups.size() ? std::move(matches) : matches;
      if (!group.all) {
        std::erase_if(own.rows, [&](const detect::MatchedRow& row) {
          return !group.rules.contains(suite_.book->feeds()[row.feed].rule);
        });
      }
      if (own.rows.empty()) own.records.clear();
      if (group.readings.size() == 1) {
        runs[groups[k]]->feed(std::move(own));
      } else if (!own.rows.empty() || own.has_time) {
        kept_[groups[k]][reading].push_back(std::move(own));
      }
    }
  }

  void finish_several(std::size_t g) {
    const Group& group = plan_.groups[g];
    detect::Run run(*suite_.book, options_.now);
    for (const std::size_t reading : group.readings) {
      for (detect::Matches& matches : kept_[g][reading]) run.feed(std::move(matches));
      kept_[g][reading].clear();
    }
    finish_group(group, run, plan_.readings[group.readings.front()].dataset);
  }

  void finish_group(const Group& group, detect::Run& run, std::size_t d) {
    const auto begin = Clock::now();
    std::vector<findings::Finding> findings = run.finish();
    std::map<std::uint32_t, std::vector<findings::Finding>> by_rule;
    for (const findings::Finding& finding : findings) {
      const std::uint32_t rule = index_of_.at(finding.rule.get());
      if (group.rules.contains(rule)) by_rule[rule].push_back(finding);
    }
    if (group.crossed) count_others(findings, d);
    for (const std::size_t t : group.tests) {
      const Test& test = suite_.tests[t];
      TestReport& report = report_.tests[t];
      if (test.rule) {
        judge_detection(suite_.book->rules()[*test.rule], *suite_.linter, by_rule[*test.rule],
                        report);
        continue;
      }
      std::vector<findings::Finding> rows;
      for (const findings::Finding& finding : findings) {
        if (suite_.concerns(*test.golden, *finding.rule)) rows.push_back(finding);
      }
      if (options_.rewrite)
        golden_[t] = std::move(rows);  // written when it is known that all was read
      else
        judge_case(*test.golden, rows, report);
    }
    {
      const std::lock_guard lock(warnings_mutex_);
      warnings_.insert(run.warnings().begin(), run.warnings().end());
    }
    const double share =
        seconds_since(begin) / static_cast<double>(std::max<std::size_t>(1, group.tests.size()));
    for (const std::size_t t : group.tests) report_.tests[t].seconds = share;
  }

  void count_others(const std::vector<findings::Finding>& findings, std::size_t d) {
    std::set<std::string> tested;
    for (const Test& test : suite_.tests) {
      if (!test.rule) continue;
      if (std::ranges::any_of(test.inputs,
                              [&](const Input& input) { return input.dataset == d; })) {
        tested.insert(test.report.detection);
      }
    }
    std::map<std::string, std::uint64_t> others;
    for (const findings::Finding& finding : findings) {
      if (tested.contains(finding.rule->name) || suite_.only_of_cases(*finding.rule)) continue;
      ++others[finding.rule->name];
    }
    report_.datasets[d].others.assign(others.begin(), others.end());
  }

  void finish_report() {
    for (std::size_t t = 0; t < suite_.tests.size(); ++t) {
      const Test& test = suite_.tests[t];
      TestReport& report = report_.tests[t];
      if (!test.runs()) continue;
      for (const Input& input : test.inputs) {
        DatasetReport& dataset = report_.datasets[input.dataset];
        report.seconds += dataset.seconds / static_cast<double>(plan_.tests_of[input.dataset]);
        if (test.rule) dataset.tested.push_back(report.detection);
        judge_reading(dataset, report);
      }
      if (stopped()) {
        report.state = State::untested;
        report.reason = "interrupted";
        report.failures.clear();
      } else if (options_.rewrite && test.golden) {
        rewrite(test, golden_[t], report);
      }
    }
    std::erase_if(report_.datasets, [](const DatasetReport& dataset) {
      return dataset.tested.empty() && dataset.records == 0 && dataset.path.empty();
    });
    for (DatasetReport& dataset : report_.datasets) {
      std::ranges::sort(dataset.tested);
      dataset.tested.erase(std::unique(dataset.tested.begin(), dataset.tested.end()),
                           dataset.tested.end());
    }
    std::ranges::sort(report_.datasets, {}, &DatasetReport::name);
    report_.detections = suite_.book->rules().size();
    report_.interrupted = stopped();
    if (hooks_.warn) {
      for (const std::string& warning : warnings_) hooks_.warn(warning);
    }
  }

  // Golden findings are what the whole of the data gives, or stay what they were.
  void rewrite(const Test& test, const std::vector<findings::Finding>& rows, TestReport& report) {
    for (const Input& input : test.inputs) {
      const std::string why = why_not_golden(report_.datasets[input.dataset]);
      if (why.empty()) continue;
      report.state = State::error;
      report.reason = "not rewritten: " + why;
      report.failures = {{"error", report.reason, "", 0}};
      return;
    }
    rewrite_case(*test.golden, rows, report);
  }

  // A verdict over what could not be read is none.
  static void judge_reading(const DatasetReport& dataset, TestReport& report) {
    const std::string why =
        dataset.reasons.empty() ? std::string() : ": " + dataset.reasons.front();
    if (dataset.unreadable) {
      report.state = State::error;
      report.reason = dataset.name + " cannot be read" + why;
      report.failures = {{"error", report.reason, "", 0}};
    } else if (dataset.unknown_format) {
      report.state = State::untested;
      report.reason = "no data: " + dataset.name + " is in no format Escudo knows";
      report.failures.clear();
    } else if (dataset.damaged > 0) {
      report.warnings.push_back(dataset.name + ": " + std::to_string(dataset.damaged) +
                                " damaged records" + why);
    }
  }

  const Suite& suite_;
  const SuiteRunOptions& options_;
  const SuiteHooks& hooks_;
  const runtime::EventFilter every_event_;
  Report report_;
  std::map<const rules::Rule*, std::uint32_t> index_of_;
  const Readings plan_;
  std::vector<std::vector<findings::Finding>> golden_;  // by test, to be written
  // Matches for groups of several readings, by group and reading, until all are read.
  std::vector<std::vector<std::vector<detect::Matches>>> kept_;
  std::atomic<std::uint64_t> bytes_done_{0}, datasets_done_{0};
  std::mutex warnings_mutex_;
  std::set<std::string> warnings_;
};

}  // namespace

Report run_suite(const Suite& suite, const SuiteRunOptions& options, const SuiteHooks& hooks) {
  return SuiteRun(suite, options, hooks).run();
}

}  // namespace escudo::harness
