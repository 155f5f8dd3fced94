#include "harness/run_case.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "harness/case_file.hpp"
#include "harness/findings.hpp"
#include "harness/run_detection.hpp"

namespace escudo::harness {
namespace {

Command command_for(const Case& c, const std::string& program) {
  Command command{program, {"scan", "--format", "jsonl"}, c.folder};
  auto& arguments = command.arguments;
  for (const auto& rule : c.rules) arguments.insert(arguments.end(), {"--rules", rule});
  arguments.insert(arguments.end(), c.args.begin(), c.args.end());
  arguments.insert(arguments.end(), c.logs.begin(), c.logs.end());
  return command;
}

void compare_or_rewrite(const Case& c, const std::vector<Finding>& findings, bool rewrite,
                        Verdict& verdict) {
  const auto path = base::join_path(c.folder, "expected.jsonl");
  if (rewrite) {
    const auto written = base::write_file(path, print_findings(findings));
    if (!written) verdict.failures.push_back(written.error());
    return;
  }
  if (!base::exists(path)) return;
  const auto text = base::read_file(path);
  if (!text) {
    verdict.failures.push_back(text.error());
    return;
  }
  const auto expected = parse_findings(*text);
  if (!expected) {
    verdict.failures.push_back("expected.jsonl: " + expected.error());
    return;
  }
  if (auto text_of_difference = difference(*expected, findings); !text_of_difference.empty()) {
    verdict.failures.push_back("expected.jsonl (-) and what was found (+) differ:\n" +
                               text_of_difference);
  }
}

}  // namespace

std::string shown(const Command& command) {
  std::string out = command.program;
  for (const auto& argument : command.arguments) {
    const bool plain = !argument.empty() && argument.find_first_of(" '\"$*?") == std::string::npos;
    out += plain ? " " + argument : " '" + base::replace_all(argument, "'", "'\\''") + "'";
  }
  return out;
}

CaseResult run_case(const std::string& folder, const RunOptions& options) {
  CaseResult result;
  result.name = folder;
  const auto logs_folder = options.logs_folder.empty() ? base::join_path(folder, "../../logs")
                                                       : options.logs_folder;
  base::Diagnostics problems;
  const auto c = read_case(folder, logs_folder, problems);
  if (!c) {
    for (const auto& problem : problems) result.verdict.failures.push_back(problem.render());
    return result;
  }
  result.name = c->name;
  result.description = c->description;

  if (!c->data.empty()) {
    run_test_command({"--cases", c->folder, c->name}, options, result);
    return result;
  }
  const auto command = command_for(*c, options.program);
  result.command = shown(command);
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = run_child(command, options.limits);
  result.time = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  if (!outcome) {
    result.verdict.failures.push_back(outcome.error());
    return result;
  }
  result.err = outcome->err;
  judge_run(*c, *outcome, options.limits, result.verdict);
  auto findings = parse_findings(outcome->out);
  if (!findings) {
    result.verdict.failures.push_back("standard output: " + findings.error());
    return result;
  }
  for (auto& finding : *findings) shorten_sources(finding, {c->folder, c->logs_folder});
  *findings = judged_findings(*c, std::move(*findings));
  judge_findings(*c, *findings, result.verdict);
  compare_or_rewrite(*c, *findings, options.rewrite, result.verdict);
  return result;
}

std::string report(const CaseResult& result) {
  std::string out = (result.was_skipped() ? "skip " : result.passed() ? "pass " : "FAIL ") + base::harmless(result.name) + " (" +
                    std::to_string(result.time.count()) + " ms)\n";
  for (const auto& warning : result.verdict.warnings) out += "  warning: " + warning + '\n';
  if (result.was_skipped()) out += "skipped: " + base::harmless(result.skipped) + '\n';
  if (result.passed()) return out;
  if (!result.description.empty()) out += "  " + base::harmless(result.description) + '\n';
  const auto indented = [&](const std::string& text) {
    for (const auto line : base::split(text, '\n')) {
      if (!line.empty()) out += "  " + base::harmless(line) + '\n';
    }
  };
  for (const auto& failure : result.verdict.failures) indented(failure);
  if (!result.command.empty()) out += "  command: " + base::harmless(result.command) + '\n';
  if (!result.err.empty()) {
    out += "  it said:\n";
    indented(result.err);
  }
  return out;
}

}  // namespace escudo::harness
