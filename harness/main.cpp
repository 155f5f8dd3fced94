// escudo_harness: runs regression cases, and detections' tests, and judges them. Exit codes: 0 all
// passed, 1 one failed, 3 nothing was named, 64 usage, 77 all were skipped (what CTest is told).

#include <boost/program_options.hpp>
#include <iostream>

#include "base/files.hpp"
#include "harness/ctest_entries.hpp"
#include "harness/junit.hpp"
#include "harness/run_detection.hpp"

namespace options = boost::program_options;
using namespace escudo;

namespace {

constexpr int failed = 1, nothing_to_do = 3, usage = 64, skipped = 77;

struct Arguments {
  harness::RunOptions run;
  std::string junit;
  std::vector<std::string> folders;
  harness::DetectionTest detection;
  std::string checkout, entries;  // --ctest-entries and where to
  harness::EntryOptions entry;
};

int read_arguments(int argc, char** argv, Arguments& arguments) {
  std::uint64_t seconds = 60, megabytes = 2048;
  options::options_description shown("escudo_harness [options] CASE_FOLDER...");
  shown.add_options()("help,h", "show this")(
      "program", options::value(&arguments.run.program)->default_value("escudo"),
      "the escudo to judge")("logs", options::value(&arguments.run.logs_folder),
                             "where logs are that no case folder holds (../../logs of the case)")(
      "time-limit", options::value(&seconds)->default_value(seconds), "seconds a case may take")(
      "memory-limit", options::value(&megabytes)->default_value(megabytes),
      "MiB of address space a scan may take; 0: any")("junit", options::value(&arguments.junit),
                                                      "also write the verdicts to this file")(
      "rewrite", options::bool_switch(&arguments.run.rewrite),
      "write what is found to expected.jsonl instead of comparing");
  shown.add_options()("data", options::value(&arguments.run.data), "where datasets lie")(
      "detection", options::value(&arguments.detection.rule),
      "judge this detection's test of --dataset")(
      "dataset", options::value(&arguments.detection.dataset), "see --detection")(
      "ctest-entries", options::value(&arguments.entries),
      "write CTest entries for the tests of --checkout to this file, and run none")(
      "checkout", options::value(&arguments.checkout), "see --ctest-entries");
  options::options_description all;
  all.add(shown).add_options()("case", options::value(&arguments.folders));
  options::positional_options_description positional;
  positional.add("case", -1);
  try {
    options::variables_map values;
    options::store(
        options::command_line_parser(argc, argv).options(all).positional(positional).run(), values);
    options::notify(values);
    if (values.count("help")) {
      std::cout << shown;
      return -1;
    }
  } catch (const std::exception& error) {
    std::cerr << "escudo_harness: " << error.what() << '\n';
    return usage;
  }
  arguments.run.limits.time = std::chrono::seconds(seconds);
  arguments.run.limits.memory_bytes = megabytes << 20;
  arguments.entry = {argv[0], arguments.run.program, arguments.run.data, megabytes};
  return 0;
}

int write_entries(const Arguments& arguments) {
  const auto complain = [](const std::string& sentence) {
    std::cerr << "escudo_harness: " << sentence << '\n';
    return failed;
  };
  const auto outcome = harness::run_child(
      {arguments.run.program, {"test", "--list", "--rules", arguments.checkout}, ""},
      arguments.run.limits);
  if (!outcome) return complain(outcome.error());
  if (outcome->code != 0)
    return complain("escudo test --list " + harness::describe(*outcome, arguments.run.limits) +
                    "\n" + outcome->err);
  const auto script = harness::ctest_entries(outcome->out, arguments.entry);
  if (!script) return complain(script.error());
  const auto written = base::write_file(arguments.entries, *script);
  return written ? 0 : complain(written.error());
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (const int code = read_arguments(argc, argv, arguments)) return code < 0 ? 0 : code;
  if (!arguments.entries.empty()) return write_entries(arguments);
  if (arguments.folders.empty() && arguments.detection.rule.empty()) {
    std::cerr << "escudo_harness: no case was named\n";
    return nothing_to_do;
  }
  std::vector<harness::CaseResult> results;
  bool all_passed = true, all_skipped = true;
  const auto take = [&](harness::CaseResult result) {
    std::cout << harness::report(result) << std::flush;
    all_passed = all_passed && result.passed();
    all_skipped = all_skipped && result.was_skipped();
    results.push_back(std::move(result));
  };
  for (const auto& folder : arguments.folders) take(harness::run_case(folder, arguments.run));
  if (!arguments.detection.rule.empty())
    take(harness::run_detection(arguments.detection, arguments.run));
  if (!arguments.junit.empty()) {
    const auto written = base::write_file(arguments.junit, harness::junit_xml(results));
    if (!written) {
      std::cerr << "escudo_harness: " << written.error() << '\n';
      return failed;
    }
  }
  return !all_passed ? failed : all_skipped ? skipped : 0;
}
