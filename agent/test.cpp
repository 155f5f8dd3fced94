// escudo test
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/wildcard.hpp"
#include "commands.hpp"
#include "harness/reports/reports.hpp"
#include "harness/suite/changes.hpp"
#include "harness/suite/compare.hpp"
#include "harness/suite/git.hpp"
#include "harness/suite/temporary_folder.hpp"
#include "harness/suite/write_case.hpp"
#include "replay_options.hpp"
#include "runtime/content.hpp"
#include "shared_options.hpp"
#include "terminal.hpp"
#include "test_reports.hpp"
#include "test_setup.hpp"

namespace escudo::agent {
namespace {

// One run and what it needed.
struct Outcome {
  std::unique_ptr<const runtime::Knowledge> knowledge;
  detect::RuleBook own_book;
  harness::Suite suite;
  harness::Report report;
};

class TestCommand {
 public:
  explicit TestCommand(const Arguments& arguments)
      : arguments_(arguments), status_(arguments.has("quiet")) {}

  int run() {
    // What is wrong with the arguments shows before a file is made for the reports.
    auto setup = test_setup(arguments_, status_);
    if (!setup) return wrong(setup.error());
    setup_ = std::move(*setup);
    auto reports = TestReports::open(arguments_, status_);
    if (!reports) return wrong(reports.error());
    std::optional<harness::Report> base;
    if (arguments_.has("base")) {
      auto read = base_report();
      if (!read) return wrong("--base: " + read.error());
      base = std::move(*read);
    }
    if (arguments_.has("list")) return list();
    const auto outcome = run_once(setup_, true);
    harness::Report& report = outcome->report;
    if (arguments_.has("rewrite")) {
      if (const int code = add_cases(*outcome)) return code;
    }
    if (base) {
      report.base = arguments_.text("base");
      report.changes = harness::compare(*base, report, gone(*outcome));
    }
    if (!reports->write(report, repository_root())) return kIncomplete;
    return report.exit_codes().front().first;
  }

 private:
  int wrong(const std::string& sentence) const {
    return usage_error(sentence, &arguments_.command());
  }

  std::unique_ptr<Outcome> prepare(const TestSetup& setup, harness::Datasets& datasets, bool shown) {
    auto out = std::make_unique<Outcome>();
    runtime::KnowledgeOptions options;
    options.content = runtime::content_folder();
    options.rules = setup.rules;
    options.macros = setup.macros;
    options.compat = arguments_.list("compat");
    std::vector<std::string> of_cases;
    for (const harness::Case& c : setup.cases)
      of_cases.insert(of_cases.end(), c.rules.begin(), c.rules.end());
    if (!of_cases.empty() && options.rules.empty())
      options.rules.push_back(base::join_path(options.content, "detections"));
    options.rules.insert(options.rules.end(), of_cases.begin(), of_cases.end());
    out->knowledge = runtime::load_knowledge(options);
    if (shown) {
      for (const base::Diagnostic& d : out->knowledge->problems) status_.show(d);
    }
    harness::SuiteOptions suite = setup.suite;
    suite.cases = setup.cases;
    if (setup.changed) suite.changed = affected(*out->knowledge, setup);
    const detect::RuleBook* book = out->knowledge->book.get();
    if (setup.only_chosen || (setup.changed && !arguments_.has("cross-fire") && setup.cases.empty())) {
      std::vector<rules::RulePtr> chosen;
      for (const rules::RulePtr& rule : out->knowledge->rule_set.rules) {
        const bool named =
            suite.names.empty() || std::ranges::any_of(suite.names, [&](const auto& name) {
              return harness::names_rule(name, *rule);
            });
        if (named && (!suite.changed || suite.changed(rule->path))) chosen.push_back(rule);
      }
      out->own_book =
          detect::RuleBook::compile(chosen, out->knowledge->catalog, *out->knowledge->maps);
      book = &out->own_book;
    }
    out->suite = harness::build_suite(*out->knowledge, *book, datasets, suite);
    return out;
  }

  std::unique_ptr<Outcome> run_once(const TestSetup& setup, bool shown) {
    const auto datasets =
        setup.store ? harness::store_datasets(*setup.store, &setup.fetch) : harness::no_datasets();
    auto out = prepare(setup, *datasets, shown);
    harness::SuiteHooks hooks;
    hooks.stop = &watch_interrupt();
    if (shown) {
      hooks.warn = [this](const std::string& sentence) { status_.warn(sentence); };
      hooks.progress = [this](std::uint64_t done, std::uint64_t total, std::uint64_t files,
                              std::uint64_t all) { status_.progress(done, total, files, all); };
    }
    out->report = harness::run_suite(out->suite, setup.run, hooks);
    out->report.version = ESCUDO_VERSION;
    out->report.strict = arguments_.has("strict");
    out->report.mode = setup.changed ? "changes" : setup.suite.names.empty() ? "all" : "selected";
    return out;
  }

  // What a build system needs to make an entry of each test.
  int list() {
    const auto none = harness::no_datasets();
    auto outcome = prepare(setup_, *none, true);
    if (outcome->suite.tests.empty()) return kNothing;
    std::fputs(harness::test_list(outcome->suite).c_str(), stdout);
    return kDone;
  }

  std::function<bool(const std::string&)> affected(const runtime::Knowledge& knowledge,
                                                   const TestSetup& setup) const {
    auto paths = std::make_shared<const std::set<std::string>>(
        harness::affected_files(*knowledge.book, knowledge.rule_set.failed_paths, *setup.changed,
                                [&](const std::string& path) { return setup.original(path); }));
    return [paths](const std::string& path) { return paths->contains(path); };
  }

  base::Result<harness::Report> base_report() {
    const std::string name = arguments_.text("base");
    if (base::exists(name)) {
      const auto text = base::read_file(name);
      if (!text) return base::Error{text.error()};
      auto report = harness::read_result(*text);
      if (!report) return base::Error{name + ": " + report.error()};
      return report;
    }
    if (setup_.rules.empty())
      return base::Error{"there is no file " + name +
                         ", and a revision wants --rules in a git work tree"};
    auto folder = harness::TemporaryFolder::make();
    if (!folder) return base::Error{folder.error()};
    TestSetup then = setup_;
    then.run.rewrite = false;
    then.run.explained = 0;
    then.rules.clear();
    for (const std::string& path : setup_.rules) {
      auto top = harness::git_top(path);
      if (!top) return base::Error{top.error()};
      auto [it, fresh] = then.exported.try_emplace(
          harness::as_git_names_it(*top),
          base::join_path((*folder)->path(), std::to_string(then.exported.size())));
      if (fresh) {
        std::error_code error;
        std::filesystem::create_directory(it->second, error);
        if (auto done = harness::git_export(*top, name, it->second); !done)
          return base::Error{done.error()};
      }
      const std::string inside = std::filesystem::path(harness::as_git_names_it(path))
                                     .lexically_relative(it->first)
                                     .generic_string();
      then.rules.push_back(inside == "." ? it->second : base::join_path(it->second, inside));
    }
    auto outcome = run_once(then, false);
    for (harness::TestReport& test : outcome->report.tests) test.path = then.original(test.path);
    return std::move(outcome->report);
  }

  // Of a test that only the base has: whether it is there no more. A file that is there but was not
  // among --rules or --cases, and what NAME, --dataset or --changed-since leave out, was not asked
  // for.
  std::function<bool(const harness::TestReport&)> gone(const Outcome& outcome) const {
    const auto none = harness::no_datasets();
    harness::SuiteOptions all;
    all.cases = setup_.cases;
    const harness::Suite suite =
        harness::build_suite(*outcome.knowledge, *outcome.knowledge->book, *none, all);
    std::set<std::string> keys, paths;
    for (const harness::Test& test : suite.tests) {
      keys.insert(harness::test_key(test.report));
      paths.insert(harness::as_git_names_it(test.report.path));
    }
    return [this, keys, paths](const harness::TestReport& test) {
      if (keys.contains(harness::test_key(test)) || !asked_for(test)) return false;
      return !base::exists(test.path) || paths.contains(harness::as_git_names_it(test.path));
    };
  }

  // By its name and its datasets; whether a file changed is not known of one that is gone.
  bool asked_for(const harness::TestReport& test) const {
    const auto one_fits = [](const std::vector<std::string>& globs, const auto& fits) {
      return globs.empty() || std::ranges::any_of(globs, [&](const std::string& glob) {
               return fits(base::WildcardPattern(glob));
             });
    };
    return one_fits(arguments_.positional(),
                    [&](const base::WildcardPattern& glob) {
                      return glob.matches(test.is_case() ? test.test : test.detection) ||
                             glob.matches(test.id) || glob.matches(test.path);
                    }) &&
           one_fits(arguments_.list("dataset"), [&](const base::WildcardPattern& glob) {
             return std::ranges::any_of(test.datasets,
                                        [&](const auto& name) { return glob.matches(name); });
           });
  }

  int add_cases(Outcome& outcome) {
    const std::string folder = arguments_.text("cases");
    auto made = harness::write_cases(outcome.suite, outcome.report, setup_.cases, folder);
    if (!made) {
      status_.fatal(made.error());
      return kIncomplete;
    }
    if (made->empty()) return 0;
    TestSetup again = setup_;
    again.cases = std::move(*made);
    again.suite.names = {"\n"};  // no detection: the new cases alone
    again.only_chosen = false;
    auto written = run_once(again, false);
    for (harness::TestReport& test : written->report.tests) {
      status_.print("wrote " + base::harmless(base::parent_path(test.path)) + "\n");
      outcome.report.tests.push_back(std::move(test));
    }
    return 0;
  }

  // What paths in reports are relative to: GitHub matches them with the repository's files.
  std::string repository_root() const {
    if (const char* workspace = std::getenv("GITHUB_WORKSPACE"); workspace && *workspace)
      return workspace;
    for (const std::string& path : setup_.rules)
      if (const auto top = harness::git_top(path)) return *top;
    std::error_code error;
    return std::filesystem::current_path(error).generic_string();
  }

  const Arguments& arguments_;
  Status status_;
  TestSetup setup_;
};

}  // namespace

int run_test(const Arguments& arguments) { return TestCommand(arguments).run(); }

}  // namespace escudo::agent
