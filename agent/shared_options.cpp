#include "shared_options.hpp"

#include <algorithm>
#include <thread>

#include "base/text.hpp"
#include "runtime/content.hpp"

namespace escudo::agent {

runtime::KnowledgeOptions knowledge_options(const Arguments& arguments) {
  runtime::KnowledgeOptions options;
  options.rules = arguments.list("rules");
  options.macros = arguments.list("macros");
  options.compat = arguments.list("compat");
  options.content = runtime::content_folder();
  return options;
}

std::unique_ptr<const runtime::Knowledge> load_knowledge(const Arguments& arguments, Status& status) {
  auto knowledge = runtime::load_knowledge(knowledge_options(arguments));
  for (const base::Diagnostic& d : knowledge->problems) status.show(d);
  for (const base::Diagnostic& d : knowledge->rule_set.problems)
    if (d.severity == base::Severity::error) status.show(d);
  return knowledge;
}

base::Result<runtime::EventFilter> event_filter(const Arguments& arguments) {
  runtime::EventFilter filter;
  auto from = arguments.time("from");
  if (!from) return base::Error{from.error()};
  auto to = arguments.time("to");
  if (!to) return base::Error{to.error()};
  filter.from = *from;
  filter.to = *to;
  filter.channels = arguments.list("channel");
  for (const std::string& text : arguments.list("event-id")) {
    auto id = event::parse_number(text);
    if (!id || *id < 0 || *id > 65535 || *id != static_cast<int>(*id))
      return base::Error{"--event-id wants a number from 0 to 65535, not `" + base::harmless(text) + "`"};
    filter.event_ids.push_back(static_cast<std::int32_t>(*id));
  }
  return filter;
}

base::Result<unsigned> thread_count(const Arguments& arguments) {
  auto threads = arguments.integer("threads", 1, 1024);
  if (!threads) return base::Error{threads.error()};
  if (!*threads) return std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(**threads);
}

base::Result<sources::OpenOptions> open_options(const Arguments& arguments) {
  sources::OpenOptions options;
  options.recover = arguments.has("recover");
  options.host = arguments.text("host", "");
  options.verify = arguments.has("verify");
  const std::string reader = arguments.text("reader", "native");
  if (reader == "libevtx") options.evtx = sources::EvtxReader::libevtx;
  else if (reader != "native") return base::Error{"there is no EVTX reader `" + base::harmless(reader) + "`; they are native and libevtx"};
  return options;
}

base::Result<std::unique_ptr<sinks::Output>> output(const Arguments& arguments) {
  if (!arguments.has("output") || arguments.text("output") == "-") return sinks::standard_output();
  return sinks::file_output(arguments.text("output"));
}

std::vector<int> exit_codes(const sinks::RunSummary& s, bool failing_finding, bool strict) {
  std::vector<int> out;
  if (s.interrupted) out.push_back(kInterrupted);
  if (s.records == 0) out.push_back(kNothing);
  if (failing_finding) out.push_back(kFinding);
  const bool incomplete = s.files_unreadable > 0 || s.damaged > 0 || s.rules_invalid > 0 || s.rows_lost;
  if (incomplete || (strict && (s.rules_unsupported > 0 || s.rules_partly > 0))) out.push_back(kIncomplete);
  if (out.empty()) out.push_back(kDone);
  return out;
}

}  // namespace escudo::agent
