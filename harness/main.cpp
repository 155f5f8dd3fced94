// escudo_harness: runs regression cases and judges them. Exit codes: 0 all passed, 1 one failed,
// 3 no case was named, 64 usage.

#include <boost/program_options.hpp>
#include <iostream>

#include "base/files.hpp"
#include "harness/junit.hpp"
#include "harness/run_case.hpp"

namespace options = boost::program_options;
using namespace escudo;

namespace {

constexpr int failed = 1, nothing_to_do = 3, usage = 64;

struct Arguments {
  harness::RunOptions run;
  std::string junit;
  std::vector<std::string> folders;
};

int read_arguments(int argc, char** argv, Arguments& arguments) {
  std::uint64_t seconds = 60, megabytes = 2048;
  options::options_description shown("escudo_harness [options] CASE_FOLDER...");
  shown.add_options()
      ("help,h", "show this")
      ("program", options::value(&arguments.run.program)->default_value("escudo"), "the escudo to judge")
      ("logs", options::value(&arguments.run.logs_folder),
       "where logs are that no case folder holds (../../logs of the case)")
      ("time-limit", options::value(&seconds)->default_value(seconds), "seconds a case may take")
      ("memory-limit", options::value(&megabytes)->default_value(megabytes),
       "MiB of address space a scan may take; 0: any")
      ("junit", options::value(&arguments.junit), "also write the verdicts to this file")
      ("rewrite", options::bool_switch(&arguments.run.rewrite),
       "write what is found to expected.jsonl instead of comparing");
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
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (const int code = read_arguments(argc, argv, arguments)) return code < 0 ? 0 : code;
  if (arguments.folders.empty()) {
    std::cerr << "escudo_harness: no case was named\n";
    return nothing_to_do;
  }
  std::vector<harness::CaseResult> results;
  bool all_passed = true;
  for (const auto& folder : arguments.folders) {
    results.push_back(harness::run_case(folder, arguments.run));
    std::cout << harness::report(results.back()) << std::flush;
    all_passed = all_passed && results.back().passed();
  }
  if (!arguments.junit.empty()) {
    const auto written = base::write_file(arguments.junit, harness::junit_xml(results));
    if (!written) {
      std::cerr << "escudo_harness: " << written.error() << '\n';
      return failed;
    }
  }
  return all_passed ? 0 : failed;
}
