#pragma once
// One function a command, each in the file named after it.

#include "arguments.hpp"

namespace escudo::agent {

int run_scan(const Arguments&);
int run_dump(const Arguments&);
int run_tail(const Arguments&);
int run_rules_list(const Arguments&);
int run_rules_check(const Arguments&);
int run_rules_explain(const Arguments&);
int run_test(const Arguments&);
int run_replay_list(const Arguments&);
int run_replay_fetch(const Arguments&);
int run_replay_verify(const Arguments&);
int run_replay_run(const Arguments&);
int run_replay_send(const Arguments&);
int run_man(const Arguments&);
int run_completion(const Arguments&);

}  // namespace escudo::agent
