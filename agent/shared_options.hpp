#pragma once
// What several commands read from their arguments.

#include <memory>

#include "arguments.hpp"
#include "runtime/knowledge.hpp"
#include "runtime/scan.hpp"
#include "status.hpp"

namespace escudo::agent {

// --rules, --macros, --compat.
runtime::KnowledgeOptions knowledge_options(const Arguments& arguments);
// The same, loaded; shows what did not load.
std::unique_ptr<const runtime::Knowledge> load_knowledge(const Arguments& arguments, Status& status);
// --from --to --channel --event-id
base::Result<runtime::EventFilter> event_filter(const Arguments& arguments);
// --threads, or the processors of the machine
base::Result<unsigned> thread_count(const Arguments& arguments);
// --reader --recover --host --verify
base::Result<sources::OpenOptions> open_options(const Arguments& arguments);
// --output, or standard output
base::Result<std::unique_ptr<sinks::Output>> output(const Arguments& arguments);

// The exit codes that hold, the one to return first (docs/cli.md).
std::vector<int> exit_codes(const sinks::RunSummary& summary, bool failing_finding, bool strict);

}  // namespace escudo::agent
