// escudo dump
#include <cstdio>

#include "base/text.hpp"
#include "commands.hpp"
#include "replay/dataset_writer.hpp"
#include "runtime/dump.hpp"
#include "shared_options.hpp"
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
  runtime::DumpOptions options;
  options.paths = arguments.positional();
  auto filter = event_filter(arguments);
  if (!filter) return usage_error(filter.error(), &arguments.command());
  options.filter = *filter;
  auto open = open_options(arguments);
  if (!open) return usage_error(open.error(), &arguments.command());
  options.open = *open;
  auto threads = thread_count(arguments);
  if (!threads) return usage_error(threads.error(), &arguments.command());
  options.threads = *threads;
  auto out = output(arguments);
  if (!out) return usage_error(out.error(), &arguments.command());
  std::unique_ptr<replay::DatasetWriter> dataset;
  if (arguments.has("dataset")) {
    auto made = dataset_writer(arguments);
    if (!made) return usage_error(made.error(), &arguments.command());
    dataset = std::move(*made);
  } else {
    for (const char* option : {"author", "description", "environment", "technique", "source", "sourcetype"})
      if (arguments.has(option)) return usage_error(std::string("--") + option + " is for --dataset", &arguments.command());
    auto format = sinks::event_format(arguments.text("format", "jsonl"));
    if (!format) return usage_error(format.error(), &arguments.command());
    options.format = *format;
  }

  Status status(arguments.has("quiet"));
  const std::atomic<bool>& stop = watch_interrupt();
  options.stop = &stop;
  options.warn = [&](const std::string& sentence) { status.warn(sentence); };
  const runtime::DumpResult result =
      dataset ? runtime::each_event(options, [&](const event::Event& event) { dataset->add(event); }) : runtime::dump(options, **out);
  for (const sinks::FileSummary& file : result.summary.files)
    if (!file.reasons.empty()) status.warn(file.path + ": " + file.reasons.front());
  if (dataset) dataset->finish();
  if (auto done = (*out)->finish(); !done) {
    status.fatal(done.error());
    return kIncomplete;
  }
  if (dataset && !stop && result.events > 0) {
    if (auto done = dataset->write(); !done) {
      status.fatal(done.error());
      return kIncomplete;
    }
    tell_dataset(*dataset, arguments, status);
  }
  status.print("[+] " + std::to_string(result.events) + " events written\n");
  return exit_codes(result.summary, false, false).front();
}

}  // namespace escudo::agent
