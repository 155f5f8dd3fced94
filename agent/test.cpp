// escudo test
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "base/wildcard.hpp"
#include "commands.hpp"
#include "harness/reports/reports.hpp"
#include "harness/suite/changes.hpp"
#include "harness/suite/compare.hpp"
#include "harness/suite/git.hpp"
#include "harness/suite/run_suite.hpp"
#include "harness/suite/temporary_folder.hpp"
#include "harness/suite/write_case.hpp"
#include "replay_options.hpp"
#include "runtime/content.hpp"
#include "shared_options.hpp"
#include "terminal.hpp"

namespace escudo::agent {
namespace {

struct ReportFile {
  const char* option;
  std::string (*print)(const harness::Report&, const std::string& root);
};
const ReportFile kReportFiles[] = {
    {"junit",
     [](const harness::Report& r, const std::string&) { return harness::junit_report(r); }},
    {"sarif", [](const harness::Report& r,
                 const std::string& root) { return harness::sarif_report(r, root); }},
    {"markdown",
     [](const harness::Report& r, const std::string&) { return harness::markdown_report(r); }},
    {"summary",
     [](const harness::Report& r, const std::string&) { return harness::summary_yml(r); }},
    {"result",
     [](const harness::Report& r, const std::string&) { return harness::result_json(r); }},
};

// What one run needs; `--base` makes a second one with the rules of another revision.
struct Setup {
  std::vector<std::string> rules, macros;
  std::vector<harness::Case> cases;
  harness::SuiteOptions suite;
  harness::SuiteRunOptions run;
  bool only_chosen = false;                     // compile the chosen detections alone
  std::map<std::string, std::string> exported;  // work tree -> where its files of a revision lie

  // The path that a file has in its work tree.
  std::string original(const std::string& path) const {
    for (const auto& [top, copy] : exported)
      if (path.starts_with(copy + "/")) return top + path.substr(copy.size());
    return path;
  }
};

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
    if (const int code = read_options()) return code;
    std::vector<std::unique_ptr<sinks::Output>> files;
    for (const ReportFile& file : kReportFiles) {
      files.push_back(nullptr);
      if (!arguments_.has(file.option)) continue;
      auto opened = sinks::file_output(arguments_.text(file.option));
      if (!opened) return usage_error(opened.error(), &arguments_.command());
      files.back() = std::move(*opened);
    }
    std::optional<harness::Report> base;
    if (arguments_.has("base")) {
      auto read = base_report();
      if (!read) return usage_error("--base: " + read.error(), &arguments_.command());
      base = std::move(*read);
    }
    if (arguments_.has("list")) return list();
    auto outcome = run_once(setup_, true);
    if (!outcome) return usage_error(outcome.error(), &arguments_.command());
    harness::Report& report = (*outcome)->report;
    if (arguments_.has("rewrite")) {
      if (const int code = add_cases(**outcome)) return code;
    }
    if (base) {
      report.base = arguments_.text("base");
      report.changes = harness::compare(*base, report, gone(**outcome));
    }
    return write(report, files);
  }

 private:
  int wrong(const std::string& sentence) const {
    return usage_error(sentence, &arguments_.command());
  }

  int read_options() {
    setup_.rules = arguments_.list("rules");
    setup_.macros = arguments_.list("macros");
    setup_.suite.names = arguments_.positional();
    setup_.suite.datasets = arguments_.list("dataset");
    setup_.suite.skipped_too = arguments_.has("skipped-too");
    const std::string format = arguments_.text("format", "text");
    if (format != "text" && format != "json")
      return wrong("--format is text or json here, not `" + base::harmless(format) + "`");
    json_ = format == "json";
    auto threads = arguments_.integer("threads");
    if (!threads) return wrong(threads.error());
    if (*threads && (**threads < 1 || **threads > 1024))
      return wrong("--threads wants a number from 1 to 1024");
    setup_.run.threads = *threads ? static_cast<unsigned>(**threads)
                                  : std::max(1u, std::thread::hardware_concurrency());
    auto now = arguments_.time("now");
    if (!now) return wrong(now.error());
    setup_.run.now = *now;
    auto open = open_options(arguments_);
    if (!open) return wrong(open.error());
    setup_.run.open = *open;
    setup_.run.rewrite = arguments_.has("rewrite");
    if (setup_.run.rewrite && arguments_.list("cases").size() != 1)
      return wrong("--rewrite wants one --cases DIR to write to");
    for (const std::string& folder : arguments_.list("cases")) {
      if (!base::is_folder(folder) && setup_.run.rewrite) continue;  // it will be made
      if (const std::string sentence = read_cases(folder); !sentence.empty())
        return wrong(sentence);
    }
    if (arguments_.has("changed-since")) {
      if (const std::string sentence = read_changes(); !sentence.empty())
        return wrong("--changed-since: " + sentence);
    }
    setup_.only_chosen =
        !arguments_.has("cross-fire") && setup_.cases.empty() && !setup_.suite.names.empty();
    // Without a folder to look in, everything is untested, which the tests say themselves.
    if (arguments_.has("data") || !replay::default_store_folder().empty()) {
      auto store = dataset_store(arguments_);
      if (!store) return wrong(store.error());
      store_ = std::move(*store);
    }
    auto fetch = fetch_options(arguments_);
    if (!fetch) return wrong(fetch.error());
    fetch_.options = std::move(*fetch);
    for (const std::string& index : arguments_.list("index")) {
      if (auto done = add_index(fetch_.index, index, false, status_); !done)
        return wrong(done.error());
    }
    fetch_.hooks = fetch_hooks(status_);
    return 0;
  }

  std::string read_cases(const std::string& folder) {
    std::vector<std::string> folders;
    if (base::exists(base::join_path(folder, "case.yml"))) {
      folders.push_back(folder);
    } else {
      std::error_code error;
      for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string path = entry.path().generic_string();
        if (base::exists(base::join_path(path, "case.yml"))) folders.push_back(path);
      }
      if (error) return "cannot read " + folder + ": " + error.message();
      if (folders.empty() && !arguments_.has("rewrite")) return "no case lies in " + folder;
    }
    std::ranges::sort(folders);
    for (const std::string& path : folders) {
      base::Diagnostics problems;
      auto c = harness::read_case(path, base::join_path(path, "../../logs"), problems);
      for (const base::Diagnostic& problem : problems) status_.show(problem);
      if (!c) return "the case in " + path + " cannot be used";
      if (wanted(*c)) setup_.cases.push_back(std::move(*c));
    }
    return {};
  }

  // A case goes by its own name, or by a detection that it expects something of.
  bool wanted(const harness::Case& c) const {
    const auto& names = arguments_.positional();
    return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
             const base::WildcardPattern pattern(name);
             return pattern.matches(c.name) || std::ranges::any_of(c.expect, [&](const auto& e) {
                      return pattern.matches(e.rule);
                    });
           });
  }

  std::string read_changes() {
    if (setup_.rules.empty())
      return "it compares the files of --rules with a revision; there are none";
    auto changed = std::make_shared<std::set<std::string>>();
    for (const std::string& path : setup_.rules) {
      auto top = harness::git_top(path);
      if (!top) return top.error();
      auto files = harness::git_changed(*top, arguments_.text("changed-since"));
      if (!files) return files.error();
      changed->merge(*files);
    }
    changed_ = changed;
    return {};
  }

  std::unique_ptr<Outcome> prepare(const Setup& setup, harness::Datasets& datasets, bool shown) {
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
    if (changed_) suite.changed = affected(*out->knowledge, setup);
    const detect::RuleBook* book = out->knowledge->book.get();
    if (setup.only_chosen || (changed_ && !arguments_.has("cross-fire") && setup.cases.empty())) {
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

  base::Result<std::unique_ptr<Outcome>> run_once(const Setup& setup, bool shown) {
    const auto datasets =
        store_ ? harness::store_datasets(*store_, &fetch_) : harness::no_datasets();
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
    out->report.mode = changed_ ? "changes" : setup.suite.names.empty() ? "all" : "selected";
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
                                                   const Setup& setup) const {
    auto paths = std::make_shared<const std::set<std::string>>(
        harness::affected_files(*knowledge.book, knowledge.rule_set.failed_paths, *changed_,
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
    Setup then = setup_;
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
    if (!outcome) return base::Error{outcome.error()};
    for (harness::TestReport& test : (*outcome)->report.tests) test.path = then.original(test.path);
    return std::move((*outcome)->report);
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
    Setup again = setup_;
    again.cases = std::move(*made);
    again.suite.names = {"\n"};  // no detection: the new cases alone
    again.only_chosen = false;
    auto written = run_once(again, false);
    if (!written) return wrong(written.error());
    for (harness::TestReport& test : (*written)->report.tests) {
      status_.print("wrote " + base::harmless(base::parent_path(test.path)) + "\n");
      outcome.report.tests.push_back(std::move(test));
    }
    return 0;
  }

  int write(const harness::Report& report, std::vector<std::unique_ptr<sinks::Output>>& files) {
    const std::string root = repository_root();
    if (json_) {
      std::fputs(harness::result_json(report).c_str(), stdout);
    } else {
      const harness::TextStyle style{wants_color(1), arguments_.has("verbose")};
      std::fputs(harness::terminal_report(report, style).c_str(), stdout);
      std::fputs(harness::terminal_summary(report).c_str(), stdout);
    }
    if (arguments_.has("github")) write_github(report, root);
    bool all_written = std::fflush(stdout) == 0;
    for (std::size_t k = 0; k < files.size(); ++k) {
      if (!files[k]) continue;
      files[k]->write(kReportFiles[k].print(report, root));
      if (auto done = files[k]->finish(); !done) {
        status_.fatal(done.error());
        all_written = false;
      }
    }
    return all_written ? report.exit_codes().front().first : kIncomplete;
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

  void write_github(const harness::Report& report, const std::string& root) {
    std::fputs(harness::github_annotations(report, root).c_str(), stdout);
    const char* path = std::getenv("GITHUB_STEP_SUMMARY");
    if (!path || !*path) return;
    std::ofstream summary(path, std::ios::binary | std::ios::app);
    summary << harness::github_step_summary(report);
    if (!summary.flush()) status_.warn(std::string("cannot write the step summary to ") + path);
  }

  const Arguments& arguments_;
  Status status_;
  Setup setup_;
  std::optional<replay::Store> store_;
  harness::FetchMissing fetch_;
  bool json_ = false;
  std::shared_ptr<const std::set<std::string>> changed_;
};

}  // namespace

int run_test(const Arguments& arguments) { return TestCommand(arguments).run(); }

}  // namespace escudo::agent
