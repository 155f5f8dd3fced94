#include <algorithm>
#include <map>
#include <tuple>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/wildcard.hpp"
#include "harness/suite/suite.hpp"
#include "harness/suite/verdict.hpp"

namespace escudo::harness {
namespace {

class Builder {
 public:
  Builder(const detect::RuleBook& book, Datasets& datasets, const SuiteOptions& options)
      : datasets_(datasets), options_(options) {
    suite_.book = &book;
    suite_.linter = std::make_shared<const detect::Linter>(book.catalog(), book.maps());
  }

  void add_failed_file(const std::string& path, const base::Diagnostics& problems) {
    Test test;
    test.report.detection = base::file_name(path);
    test.report.path = path;
    test.report.test = "loads";
    test.report.state = State::error;
    for (const base::Diagnostic& problem : problems) {
      if (problem.file != path || problem.severity != base::Severity::error) continue;
      if (test.report.reason.empty()) test.report.reason = problem.message;
      test.report.failures.push_back(failure_of("error", problem));
    }
    if (test.report.reason.empty()) test.report.reason = "the file holds no usable detection";
    suite_.tests.push_back(std::move(test));
  }

  void add_rule(std::uint32_t index) {
    const detect::CompiledRule& compiled = suite_.book->rules()[index];
    const rules::Rule& rule = *compiled.rule;
    if (rule.tests.empty()) {
      if (!options_.datasets.empty()) return;
      Test test = begin(compiled, index, "");
      test.report.test = "tests";
      if (test.runs()) give_up(test, "it has no tests");
      suite_.tests.push_back(std::move(test));
      return;
    }
    for (std::size_t k = 0; k < rule.tests.size(); ++k) {
      const rules::RuleTest& from = rule.tests[k];
      Test test = begin(compiled, index, from.name);
      // Two tests of one name would be one in every report.
      for (std::size_t other = 0; other < k; ++other) {
        if (rule.tests[other].name == from.name) {
          test.report.test += " (" + std::to_string(k + 1) + ")";
          break;
        }
      }
      test.report.line = test_line(rule, k);
      for (const rules::TestData& data : from.data) {
        add_input(test, data.data, data.source, data.sourcetype, data.host);
      }
      if (from.data.empty()) give_up(test, "the test names no data");
      if (wanted(test)) suite_.tests.push_back(std::move(test));
    }
  }

  void add_case(const Case& from) {
    Test test;
    test.golden = std::make_shared<const Case>(from);
    test.report.test = from.name;
    test.report.path = base::join_path(from.folder, "case.yml");
    if (!from.args.empty() || !from.says.empty() || from.exit != 0) {
      give_up(test, "it judges a run of the program (args, exit, says); escudo_harness does that");
    }
    for (const CaseData& data : from.data) {
      add_input(test, data.path, data.source, data.sourcetype, data.host);
      test.inputs.back().sha256 = data.sha256;
    }
    for (const std::string& log : from.logs) add_log(test, log);
    if (wanted(test)) suite_.tests.push_back(std::move(test));
  }

  Suite take(std::vector<std::string> case_rules) {
    locate();
    suite_.case_rules = std::move(case_rules);
    std::ranges::stable_sort(suite_.tests, [](const Test& a, const Test& b) {
      return std::tie(a.report.path, a.report.test) < std::tie(b.report.path, b.report.test);
    });
    return std::move(suite_);
  }

 private:
  static void give_up(Test& test, std::string reason) {
    if (test.report.reason.empty()) test.report.reason = std::move(reason);
  }

  static std::uint32_t test_line(const rules::Rule& rule, std::size_t k) {
    const auto items = rule.document["tests"].items();
    return k < items.size() ? items[k].line() : 0;
  }

  Test begin(const detect::CompiledRule& compiled, std::uint32_t index, const std::string& name) {
    const rules::Rule& rule = *compiled.rule;
    Test test;
    test.rule = index;
    TestReport& report = test.report;
    report.detection = rule.name;
    report.id = rule.id;
    report.type = rule.type;
    report.status = rule.status;
    report.path = rule.path;
    report.line = 1;
    report.test = name.empty() ? "test" : name;
    report.search = rule.search;
    report.data_sources = rule.data_sources;
    report.mitre = rule.mitre_attack;
    report.manual_test = rule.manual_test;
    if (compiled.status == detect::Status::invalid) {
      report.state = State::error;
      report.reason = compiled.reason;
      for (const base::Diagnostic& d : compiled.diagnostics) {
        if (d.severity == base::Severity::error) report.failures.push_back(failure_of("error", d));
      }
    } else if (const std::string why = skipped_because(rule); !why.empty()) {
      give_up(test, why);
      report.skipped = true;
    } else if (compiled.status == detect::Status::unsupported) {
      give_up(test, "not supported: " + compiled.reason);
    }
    return test;
  }

  std::string skipped_because(const rules::Rule& rule) const {
    if (base::iequals(rule.type, "Correlation")) return "a correlation has no events of its own";
    if (options_.skipped_too) return {};
    if (!rule.manual_test.empty()) return "it is tested by hand: " + rule.manual_test;
    if (!rule.status.empty() && !base::iequals(rule.status, "production")) {
      return "its status is " + rule.status + ", not production";
    }
    return {};
  }

  void add_input(Test& test, const std::string& address, const std::string& source,
                 const std::string& sourcetype, const std::string& host) {
    const std::string name = replay::dataset_name(address);
    const auto [it, fresh] = by_name_.try_emplace(name, suite_.datasets.size());
    if (fresh) suite_.datasets.push_back({name, address, {}});
    test.inputs.push_back({it->second, source, sourcetype, host, ""});
    test.report.datasets.push_back(name);
  }

  void add_log(Test& test, const std::string& path) {
    const auto [it, fresh] = by_name_.try_emplace(path, suite_.datasets.size());
    if (fresh) suite_.datasets.push_back({path, path, {path, ""}});
    test.inputs.push_back({it->second, "", "", "", ""});
    test.report.datasets.push_back(path);
  }

  bool wanted(const Test& test) const {
    if (options_.datasets.empty()) return true;
    return std::ranges::any_of(test.report.datasets, [&](const std::string& name) {
      return std::ranges::any_of(options_.datasets, [&](const std::string& glob) {
        return base::WildcardPattern(glob).matches(name);
      });
    });
  }

  static void check_hash(Test& test, const Dataset& dataset, const std::string& wanted) {
    if (wanted.empty()) return;
    const auto found = replay::hash_file(dataset.located.path);
    if (found && found->sha256 == wanted) return;
    test.report.state = State::error;
    test.report.reason = found ? dataset.name + " is not what it must be: its sha256 is " +
                                     found->sha256 + ", not " + wanted
                               : found.error();
    test.report.failures = {{"error", test.report.reason, "", 0}};
  }

  // What no data can mend is wrong without any.
  void judge_without_data(Test& test) const {
    if (!test.rule || test.report.state == State::fail) return;
    test.report.failures = impossible_fields(suite_.book->rules()[*test.rule], *suite_.linter);
    if (test.report.failures.empty()) return;
    test.report.state = State::fail;
    test.report.warnings.push_back(test.report.reason);
  }

  // Only what a test that runs needs is asked for.
  void locate() {
    std::vector<bool> needed(suite_.datasets.size(), false);
    for (const Test& test : suite_.tests) {
      if (!test.runs()) continue;
      for (const Input& input : test.inputs) needed[input.dataset] = true;
    }
    std::vector<std::string> addresses;
    std::vector<std::size_t> indexes;
    for (std::size_t k = 0; k < needed.size(); ++k) {
      if (!needed[k] || !suite_.datasets[k].located.path.empty()) continue;
      addresses.push_back(suite_.datasets[k].address);
      indexes.push_back(k);
    }
    std::vector<Located> located = datasets_.locate(addresses);
    for (std::size_t k = 0; k < located.size(); ++k) {
      suite_.datasets[indexes[k]].located = std::move(located[k]);
    }
    for (Test& test : suite_.tests) {
      if (!test.runs()) continue;
      for (const Input& input : test.inputs) {
        const Dataset& dataset = suite_.datasets[input.dataset];
        if (!dataset.located.path.empty()) {
          check_hash(test, dataset, input.sha256);
          continue;
        }
        give_up(test, "no data: " + dataset.name + " is " + dataset.located.missing);
        judge_without_data(test);
      }
    }
  }

  Datasets& datasets_;
  const SuiteOptions& options_;
  Suite suite_;
  std::map<std::string, std::size_t> by_name_;
};

bool lies_under(const std::string& path, const std::vector<std::string>& places) {
  return std::ranges::any_of(places, [&](const std::string& place) {
    return path == place || path.starts_with(place + "/");
  });
}

}  // namespace

bool names_rule(const std::string& name, const rules::Rule& rule) {
  if (base::iequals(name, rule.id)) return true;
  const base::WildcardPattern pattern(name);
  return pattern.matches(rule.name) || pattern.matches(rule.path);
}

bool Suite::only_of_cases(const rules::Rule& rule) const {
  return lies_under(rule.path, case_rules);
}

bool Suite::concerns(const Case& c, const rules::Rule& rule) const {
  if (c.rules.empty() ? only_of_cases(rule) : !lies_under(rule.path, c.rules)) return false;
  return c.only.empty() || std::ranges::any_of(c.only, [&](const std::string& name) {
           return name == rule.name || name == rule.id;
         });
}

Suite build_suite(const runtime::Knowledge& knowledge, const detect::RuleBook& book,
                  Datasets& datasets, const SuiteOptions& options) {
  std::vector<std::string> case_rules;
  for (const Case& c : options.cases)
    case_rules.insert(case_rules.end(), c.rules.begin(), c.rules.end());
  Builder builder(book, datasets, options);
  for (const std::string& path : knowledge.rule_set.failed_paths) {
    const bool named =
        options.names.empty() || std::ranges::any_of(options.names, [&](const auto& name) {
          return base::WildcardPattern(name).matches(path);
        });
    if (named && (!options.changed || options.changed(path))) {
      builder.add_failed_file(path, knowledge.rule_set.problems);
    }
  }
  for (std::uint32_t k = 0; k < book.rules().size(); ++k) {
    const rules::Rule& rule = *book.rules()[k].rule;
    if (lies_under(rule.path, case_rules)) continue;
    if (options.changed && !options.changed(rule.path)) continue;
    const bool named = options.names.empty() ||
                       std::ranges::any_of(
                           options.names, [&](const auto& name) { return names_rule(name, rule); });
    if (named) builder.add_rule(k);
  }
  for (const Case& c : options.cases) builder.add_case(c);
  return builder.take(std::move(case_rules));
}

}  // namespace escudo::harness
