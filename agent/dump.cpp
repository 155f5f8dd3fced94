// escudo dump
#include "base/text.hpp"
#include "commands.hpp"
#include "shared_options.hpp"
#include "sinks/event_writer.hpp"
#include "sources/demand.hpp"
#include "terminal.hpp"

namespace escudo::agent {

int run_dump(const Arguments& arguments) {
  if (arguments.positional().empty()) return usage_error("dump wants at least one PATH", &arguments.command());
  auto filter = event_filter(arguments);
  if (!filter) return usage_error(filter.error(), &arguments.command());
  auto open = open_options(arguments);
  if (!open) return usage_error(open.error(), &arguments.command());
  auto out = output(arguments);
  if (!out) return usage_error(out.error(), &arguments.command());
  const std::string format = arguments.text("format", "jsonl");
  auto writer = sinks::make_event_writer(format, **out);
  if (!writer) return usage_error(writer.error(), &arguments.command());

  open->from = filter->from;
  open->to = filter->to;
  if (open->evtx == sources::EvtxReader::native) open->demand = sources::raw_text_only();
  if (format == "jsonl") open->raw = sources::RawText::json;

  Status status(arguments.has("quiet"));
  const std::atomic<bool>& stop = watch_interrupt();
  std::vector<std::string> problems;
  const auto files = runtime::input_files(arguments.positional(), problems);
  for (const std::string& problem : problems) status.warn(problem);
  sinks::RunSummary summary;
  summary.files_unreadable = problems.size();
  std::uint64_t written = 0;
  event::Batch batch;
  for (const runtime::InputFile& file : files) {
    auto source = sources::open(file.path, *open);
    while (!stop && source->next(batch))
      for (const event::Event& event : batch.events) {
        if (!filter->passes(event)) continue;
        (*writer)->add(event);
        ++written;
      }
    for (const sources::FileReport& report : source->reports()) {
      if (report.state == sources::FileReport::State::not_a_log && !file.named) continue;
      summary.records += report.records;
      summary.damaged += report.damaged;
      if (report.state != sources::FileReport::State::read) ++summary.files_unreadable;
      if (report.state != sources::FileReport::State::read || report.damaged > 0)
        status.warn(report.path + ": " + (report.reasons.empty() ? std::string("is in no format Escudo knows; docs/formats.md lists them") : report.reasons.front()));
    }
    if (stop) break;
  }
  (*writer)->finish();
  if (auto done = (*out)->finish(); !done) {
    status.fatal(done.error());
    return kIncomplete;
  }
  summary.interrupted = stop;
  status.print("[+] " + std::to_string(written) + " events written\n");
  return exit_codes(summary, false, false).front();
}

}  // namespace escudo::agent
