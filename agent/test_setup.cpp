#include "test_setup.hpp"

#include <algorithm>
#include <filesystem>

#include "base/files.hpp"
#include "base/wildcard.hpp"
#include "harness/suite/git.hpp"
#include "replay_options.hpp"
#include "shared_options.hpp"

namespace escudo::agent {

std::string TestSetup::original(const std::string& path) const {
  for (const auto& [top, copy] : exported)
    if (path.starts_with(copy + "/")) return top + path.substr(copy.size());
  return path;
}

namespace {

class SetupReader {
 public:
  SetupReader(const Arguments& arguments, Status& status)
      : arguments_(arguments), status_(status) {}

  base::Result<TestSetup> read() {
    setup_.rules = arguments_.list("rules");
    setup_.macros = arguments_.list("macros");
    setup_.suite.names = arguments_.positional();
    setup_.suite.datasets = arguments_.list("dataset");
    setup_.suite.skipped_too = arguments_.has("skipped-too");
    auto threads = thread_count(arguments_);
    if (!threads) return error(threads.error());
    setup_.run.threads = *threads;
    auto now = arguments_.time("now");
    if (!now) return error(now.error());
    setup_.run.now = *now;
    auto open = open_options(arguments_);
    if (!open) return error(open.error());
    setup_.run.open = *open;
    setup_.run.rewrite = arguments_.has("rewrite");
    if (setup_.run.rewrite && arguments_.list("cases").size() != 1)
      return error("--rewrite wants one --cases DIR to write to");
    for (const std::string& folder : arguments_.list("cases")) {
      if (!base::is_folder(folder) && setup_.run.rewrite) continue;  // it will be made
      if (const std::string sentence = read_cases(folder); !sentence.empty())
        return error(sentence);
    }
    if (arguments_.has("changed-since")) {
      if (const std::string sentence = read_changes(); !sentence.empty())
        return error("--changed-since: " + sentence);
    }
    setup_.only_chosen =
        !arguments_.has("cross-fire") && setup_.cases.empty() && !setup_.suite.names.empty();
    // Without a folder to look in, everything is untested, which the tests say themselves.
    if (arguments_.has("data") || !replay::default_store_folder().empty()) {
      auto store = dataset_store(arguments_);
      if (!store) return error(store.error());
      setup_.store = std::move(*store);
    }
    auto fetch = fetch_options(arguments_);
    if (!fetch) return error(fetch.error());
    setup_.fetch.options = std::move(*fetch);
    for (const std::string& index : arguments_.list("index")) {
      if (auto done = add_index(setup_.fetch.index, index, false, status_); !done)
        return error(done.error());
    }
    setup_.fetch.hooks = fetch_hooks(status_);
    return std::move(setup_);
  }

 private:
  static base::Error error(std::string sentence) { return base::Error{std::move(sentence)}; }

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
    setup_.changed = changed;
    return {};
  }

  const Arguments& arguments_;
  Status& status_;
  TestSetup setup_;
};

}  // namespace

base::Result<TestSetup> test_setup(const Arguments& arguments, Status& status) {
  return SetupReader(arguments, status).read();
}

}  // namespace escudo::agent
