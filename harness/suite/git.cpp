#include "harness/suite/git.hpp"

#include <filesystem>

#include "base/files.hpp"
#include "base/text.hpp"
#include "harness/child.hpp"

namespace escudo::harness {
namespace {

base::Result<std::string> run(const std::string& program, std::vector<std::string> arguments) {
  Limits limits;
  limits.time = std::chrono::minutes(5);
  const std::string verb = program + (arguments.size() > 2 ? " " + arguments[2] : "");
  const auto outcome = run_child({program, std::move(arguments), ""}, limits);
  if (!outcome) return base::Error{outcome.error()};
  if (outcome->end != Outcome::End::exited || outcome->code != 0) {
    const auto said = base::trim(outcome->err);
    return base::Error{verb + " " + describe(*outcome, limits) + (said.empty() ? "" : ": ") +
                       base::harmless(said.substr(0, said.find('\n')))};
  }
  return outcome->out;
}

base::Result<std::string> git(const std::string& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"-C", folder});
  return run("git", std::move(arguments));
}

// The commit's name, which cannot be taken for an option.
base::Result<std::string> commit_of(const std::string& top, const std::string& revision) {
  auto name =
      git(top, {"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
  if (!name)
    return base::Error{"git knows no revision `" + base::harmless(revision) + "` in " + top};
  return std::string(base::trim(*name));
}

}  // namespace

base::Result<std::string> git_top(const std::string& path) {
  const std::string folder = base::is_folder(path) ? path : base::parent_path(path);
  auto top = git(folder.empty() ? "." : folder, {"rev-parse", "--show-toplevel"});
  if (!top) return base::Error{path + " lies in no git work tree: " + top.error()};
  return std::string(base::trim(*top));
}

base::Result<std::set<std::string>> git_changed(const std::string& top,
                                                const std::string& revision) {
  const auto commit = commit_of(top, revision);
  if (!commit) return base::Error{commit.error()};
  std::set<std::string> out;
  for (const auto& arguments :
       {std::vector<std::string>{"diff", "--name-only", "--no-renames", "-z", *commit, "--"},
        std::vector<std::string>{"ls-files", "--others", "--exclude-standard", "-z"}}) {
    const auto names = git(top, arguments);
    if (!names) return base::Error{names.error()};
    for (const auto name : base::split(*names, '\0'))
      if (!name.empty()) out.insert(base::join_path(top, std::string(name)));
  }
  return out;
}

base::Result<void> git_export(const std::string& top, const std::string& revision,
                              const std::string& folder) {
  const auto commit = commit_of(top, revision);
  if (!commit) return base::Error{commit.error()};
  const std::string archive = base::join_path(folder, "revision.tar");
  auto written = git(top, {"archive", "--format=tar", "-o", archive, *commit});
  if (!written) return base::Error{written.error()};
  auto extracted = run("tar", {"-C", folder, "-xf", archive});
  std::error_code ignored;
  std::filesystem::remove(archive, ignored);
  if (!extracted) return base::Error{extracted.error()};
  return {};
}

}  // namespace escudo::harness
