// The Windows build watches and scans; developing detections is done where their datasets and git are.
#include <cstdio>

#include "commands.hpp"
#include "messages.hpp"

namespace escudo::agent {
namespace {

int left_out(const char* command) {
  std::fprintf(messages(), "escudo: this build has no %s: it needs libraries that the Windows build leaves out\n", command);
  return 64;
}

}  // namespace

int run_test(const Arguments&) { return left_out("test"); }
int run_replay_list(const Arguments&) { return left_out("replay list"); }
int run_replay_fetch(const Arguments&) { return left_out("replay fetch"); }
int run_replay_verify(const Arguments&) { return left_out("replay verify"); }
int run_replay_run(const Arguments&) { return left_out("replay run"); }
int run_replay_send(const Arguments&) { return left_out("replay send"); }

}  // namespace escudo::agent
