// escudo dump
#include <cstdio>

#include "base/text.hpp"
#include "commands.hpp"
#include "replay/dataset_writer.hpp"
#include "shared_options.hpp"
#include "sinks/event_writer.hpp"
#include "sources/demand.hpp"
#include "terminal.hpp"

namespace escudo::agent {
namespace {

// --dataset: the capture as attack_data keeps it.
base::Result<std::unique_ptr<replay::DatasetWriter>> dataset_writer(const Arguments& arguments) {
  if (arguments.text("format", "attack-data") != "attack-data") return base::Error{"--dataset writes attack-data, no other --format"};
  if (arguments.has("output")) return base::Error{"--dataset DIR and --output do not go together"};
  replay::CaptureInfo info;
  info.folder = arguments.text("dataset");
  info.author = arguments.text("author");
  info.description = arguments.text("description");
  info.environment = arguments.text("environment", "custom");
  info.techniques = arguments.list("technique");
  info.source = arguments.text("source");
  info.sourcetype = arguments.text("sourcetype");
  return replay::DatasetWriter::create(std::move(info));
}

// What the contributor does next.
void tell_dataset(const replay::DatasetWriter& writer, const Arguments& arguments, Status& status) {
  for (const replay::CaptureLog& log : writer.logs())
    status.print("[+] " + std::to_string(log.events) + " events in " + log.name + ".log (" + log.source + ")\n");
  status.print("[+] described in " + writer.yaml_path() + "\n");
  for (const char* option : {"author", "description"})
    if (arguments.text(option).empty()) status.warn(std::string("its ") + option + " is empty: give --" + option);
  std::fputs(writer.tests_yaml().c_str(), stdout);
}

}  // namespace

int run_dump(const Arguments& arguments) {
  if (arguments.positional().empty()) return usage_error("dump wants at least one PATH", &arguments.command());
  auto filter = event_filter(arguments);
  if (!filter) return usage_error(filter.error(), &arguments.command());
  auto open = open_options(arguments);
  if (!open) return usage_error(open.error(), &arguments.command());
  auto out = output(arguments);
  if (!out) return usage_error(out.error(), &arguments.command());
  const bool to_dataset = arguments.has("dataset");
  const std::string format = arguments.text("format", to_dataset ? "attack-data" : "jsonl");
  replay::DatasetWriter* dataset = nullptr;
  std::unique_ptr<sinks::EventWriter> writer;
  if (to_dataset) {
    auto made = dataset_writer(arguments);
    if (!made) return usage_error(made.error(), &arguments.command());
    dataset = made->get();
    writer = std::move(*made);
  } else {
    for (const char* option : {"author", "description", "environment", "technique", "source", "sourcetype"})
      if (arguments.has(option)) return usage_error(std::string("--") + option + " is for --dataset", &arguments.command());
    auto made = sinks::make_event_writer(format, **out);
    if (!made) return usage_error(made.error(), &arguments.command());
    writer = std::move(*made);
  }

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
        writer->add(event);
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
  writer->finish();
  if (auto done = (*out)->finish(); !done) {
    status.fatal(done.error());
    return kIncomplete;
  }
  summary.interrupted = stop;
  if (dataset && !stop && written > 0) {
    if (auto done = dataset->write(); !done) {
      status.fatal(done.error());
      return kIncomplete;
    }
    tell_dataset(*dataset, arguments, status);
  }
  status.print("[+] " + std::to_string(written) + " events written\n");
  return exit_codes(summary, false, false).front();
}

}  // namespace escudo::agent
