#include "harness/run_detection.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "harness/findings.hpp"

namespace escudo::harness {
namespace {

constexpr int nothing_tested = 3;

// Whether the test was judged; of one that was not, why is kept.
bool take_test(const Finding& test, CaseResult& result) {
  const auto state = text_of(test, "state");
  if (state == "pass") return true;
  if (state == "untested") {
    if (result.skipped.empty()) result.skipped = text_of(test, "reason");
    return false;
  }
  if (test.contains("failures") && test["failures"].is_array()) {
    for (const auto& failure : test["failures"]) {
      const auto detail = text_of(failure, "detail");
      result.verdict.failures.push_back(text_of(failure, "message") +
                                        (detail.empty() ? "" : "\n" + detail));
    }
  }
  if (result.verdict.failures.empty()) {
    result.verdict.failures.push_back(state + ": " + text_of(test, "reason"));
  }
  return true;
}

}  // namespace

void run_test_command(std::vector<std::string> arguments, const RunOptions& options,
                      CaseResult& result) {
  arguments.insert(arguments.begin(), {"test", "--format", "json", "--offline"});
  if (!options.data.empty()) arguments.insert(arguments.end(), {"--data", options.data});
  if (options.rewrite) arguments.push_back("--rewrite");
  const Command command{options.program, std::move(arguments), ""};
  result.command = shown(command);
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = run_child(command, options.limits);
  result.time = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  if (!outcome) {
    result.verdict.failures.push_back(outcome.error());
    return;
  }
  result.err = outcome->err;
  const auto report = Finding::parse(outcome->out, nullptr, false);
  if (outcome->end != Outcome::End::exited || !report.is_object() || !report.contains("tests") ||
      !report["tests"].is_array()) {
    result.verdict.failures.push_back("the test " + describe(*outcome, options.limits) +
                                      " without a result");
    return;
  }
  bool judged = false;
  for (const auto& test : report["tests"]) judged = take_test(test, result) || judged;
  // A detection's other test may want a dataset that is not there: the one that is was judged.
  if (judged) result.skipped.clear();
  if (report["tests"].empty() && result.verdict.failures.empty()) {
    result.verdict.failures.push_back("there is no such test");
  }
  // Verdict and exit code must agree: scripts read the one, people the other.
  const bool failed = !result.verdict.failures.empty();
  const bool told = outcome->code == 1 || outcome->code == 2;
  if (failed && outcome->code == 0) {
    result.verdict.failures.push_back("the test failed, but exited with 0");
  } else if (!failed && (told || (outcome->code == nothing_tested) != !result.skipped.empty())) {
    result.verdict.failures.push_back("no test failed, but it " +
                                      describe(*outcome, options.limits));
  }
}

CaseResult run_detection(const DetectionTest& test, const RunOptions& options) {
  CaseResult result;
  result.name = base::file_name(test.rule) + " " + test.dataset;
  run_test_command({"--rules", test.rule, "--dataset", test.dataset}, options, result);
  return result;
}

}  // namespace escudo::harness
