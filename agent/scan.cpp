// escudo scan
#include <algorithm>
#include <map>
#include <thread>

#include "base/text.hpp"
#include "commands.hpp"
#include "scan.hpp"
#include "shared_options.hpp"
#include "terminal.hpp"

namespace escudo::agent {
namespace {

// Rules that do not run, each with its reason; invalid ones with all the diagnostics of their text.
void show_rules(const runtime::Knowledge& knowledge, Status& status) {
  for (const detect::CompiledRule& rule : knowledge.book->rules()) {
    if (rule.status == detect::Status::invalid) {
      for (const base::Diagnostic& d : rule.diagnostics)
        if (d.severity == base::Severity::error) status.show(d);
    }
  }
  const std::uint64_t unsupported = knowledge.count(detect::Status::unsupported);
  if (unsupported == 0) return;
  if (unsupported <= 3) {
    for (const detect::CompiledRule& rule : knowledge.book->rules())
      if (rule.status == detect::Status::unsupported) status.warn(rule.rule->name + " is not supported: " + rule.reason);
  } else {
    status.warn(std::to_string(unsupported) + " rules are not supported; escudo rules check tells which and why");
  }
}

// Findings and the summary name a dataset, not the file its content lies in.
void show_names(runtime::ScanResult& result, const std::map<std::string, NamedInput>& named) {
  std::map<const event::Origin*, std::shared_ptr<const event::Origin>> renamed;
  for (findings::Finding& finding : result.findings) {
    for (findings::EvidenceEvent& event : finding.evidence.events) {
      if (!event.origin) continue;
      const auto at = named.find(event.origin->path);
      if (at == named.end()) continue;
      auto& origin = renamed[event.origin.get()];
      if (!origin) {
        auto copy = std::make_shared<event::Origin>(*event.origin);
        copy->path = at->second.name;
        origin = std::move(copy);
      }
      event.origin = origin;
    }
  }
  for (sinks::FileSummary& file : result.summary.files)
    if (const auto at = named.find(file.path); at != named.end()) file.path = at->second.name;
}

}  // namespace

int run_scan(const Arguments& arguments) {
  if (arguments.positional().empty()) return usage_error("scan wants at least one PATH (a file, a folder, an archive, or - for standard input)", &arguments.command());
  return scan_inputs(arguments, {arguments.positional(), {}, 0});
}

int scan_inputs(const Arguments& arguments, const ScanInputs& inputs) {
  runtime::ScanOptions options;
  options.paths = inputs.paths;
  auto filter = event_filter(arguments);
  if (!filter) return usage_error(filter.error(), &arguments.command());
  options.filter = *filter;
  auto open = open_options(arguments);
  if (!open) return usage_error(open.error(), &arguments.command());
  options.open = *open;
  auto threads = thread_count(arguments);
  if (!threads) return usage_error(threads.error(), &arguments.command());
  options.threads = *threads;
  auto now = arguments.time("now");
  if (!now) return usage_error(now.error(), &arguments.command());
  options.now = *now;
  auto fail_level = arguments.integer("fail-level", 0, 1'000'000);
  if (!fail_level) return usage_error(fail_level.error(), &arguments.command());

  auto out = output(arguments);
  if (!out) return usage_error(out.error(), &arguments.command());
  const bool to_terminal = !arguments.has("output");
  const sinks::TableStyle style{to_terminal && wants_color(1), to_terminal ? terminal_width(1) : 0};
  auto sink = sinks::make_sink(arguments.text("format", "table"), **out, style);
  if (!sink) return usage_error(sink.error(), &arguments.command());

  Status status(arguments.has("quiet"));
  auto knowledge = load_knowledge(arguments, status);
  show_rules(*knowledge, status);
  if (knowledge->book->rules().empty()) status.warn("no detection is loaded: nothing can be found");

  runtime::ScanHooks hooks;
  hooks.warn = [&](const std::string& sentence) { status.warn(sentence); };
  hooks.progress = [&](const runtime::Progress& p) { status.progress(p.bytes_done, p.bytes_total, p.files_done, p.files_total); };
  hooks.stop = &watch_interrupt();
  if (!inputs.named.empty()) {
    options.prepare = [&](const std::string& path, sources::OpenOptions& reader) {
      const auto at = inputs.named.find(path);
      if (at == inputs.named.end()) return;
      reader.source = at->second.source;
      reader.sourcetype = at->second.sourcetype;
      if (!at->second.host.empty()) reader.host = at->second.host;
    };
  }
  runtime::ScanResult result = runtime::scan(*knowledge, options, hooks);
  show_names(result, inputs.named);
  result.summary.files_unreadable += inputs.missing;

  bool failing = false;
  for (const findings::Finding& finding : result.findings)
    failing = failing || (*fail_level && finding.risk && finding.risk->score >= static_cast<double>(**fail_level));
  result.summary.exit_codes = exit_codes(result.summary, failing, arguments.has("strict"));
  for (const findings::Finding& finding : result.findings) (*sink)->add(finding);
  (*sink)->finish(result.summary);
  if (auto written = (*out)->finish(); !written) {
    status.fatal(written.error());
    return kIncomplete;
  }
  if (arguments.has("quiet"))   // the summary would have named them
    for (const sinks::FileSummary& file : result.summary.files)
      if (!file.reasons.empty()) status.warn(file.path + ": " + file.reasons.front());
  status.print(sinks::summary_text(result.summary, wants_color(2)));
  if (result.summary.records == 0 && !result.summary.interrupted) status.warn("no event was read: nothing was scanned");
  return result.summary.exit_codes.front();
}

}  // namespace escudo::agent
