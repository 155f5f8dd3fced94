#pragma once
// What `escudo scan` does with its arguments, for commands that find the files themselves.

#include <map>

#include "arguments.hpp"

namespace escudo::agent {

struct NamedInput {
  std::string name;                      // in findings and messages, instead of the path
  std::string source, sourcetype, host;  // what Splunk calls it; "": as the events say
};
struct ScanInputs {
  std::vector<std::string> paths;
  std::map<std::string, NamedInput> named;  // by path
  std::uint64_t missing = 0;                // inputs that could not be had: the run is incomplete
};

int scan_inputs(const Arguments& arguments, const ScanInputs& inputs);

}  // namespace escudo::agent
