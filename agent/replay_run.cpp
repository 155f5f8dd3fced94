// escudo replay run
#include "commands.hpp"
#include "replay_options.hpp"

namespace escudo::agent {

int run_replay_run(const Arguments& arguments) {
  if (arguments.positional().empty()) return usage_error("replay run wants at least one NAME of a dataset or detection, or a file", &arguments.command());
  std::optional<ScanInputs> inputs;
  {
    Status status(arguments.has("quiet"));
    auto read = replay_inputs(arguments, status);
    if (!read) return usage_error(read.error(), &arguments.command());
    inputs = std::move(*read);
  }
  return scan_inputs(arguments, *inputs);
}

}  // namespace escudo::agent
