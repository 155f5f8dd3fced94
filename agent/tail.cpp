// escudo tail
#include <cstdio>
#include <mutex>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "commands.hpp"
#include "runtime/metrics_server.hpp"
#include "runtime/tail.hpp"
#include "shared_options.hpp"
#include "signals.hpp"

namespace escudo::agent {
namespace {

int print_status(const Arguments& arguments) {
  if (!arguments.has("state")) return usage_error("tail --status wants the --state of the tail", &arguments.command());
  Status status(false);
  auto stored = runtime::stored_status(arguments.text("state"));
  if (!stored) {
    status.fatal(stored.error());
    return kNothing;
  }
  const nlohmann::json json = nlohmann::json::parse(stored->json, nullptr, false);
  if (!json.is_object()) {
    status.fatal("the state holds no status yet");
    return kNothing;
  }
  nlohmann::ordered_json out;
  out["running"] = stored->running;
  out.update(nlohmann::ordered_json::parse(stored->json));
  std::printf("%s\n", out.dump(2).c_str());
  if (!stored->running) return kNothing;
  return json.value("healthy", false) ? kDone : kIncomplete;
}

}  // namespace

int run_tail(const Arguments& arguments) {
  if (!arguments.positional().empty()) return usage_error("tail takes no PATH; --source file:PATH follows one", &arguments.command());
  if (arguments.has("status")) return print_status(arguments);
  runtime::TailOptions options;
  options.sources = arguments.list("source");
  options.sinks = arguments.list("sink");
  options.state = arguments.text("state");
  options.once = arguments.has("once");
  options.knowledge = knowledge_options(arguments);
  if (options.sources.empty()) return usage_error("tail wants at least one --source", &arguments.command());
  if (options.sinks.empty()) options.sinks.push_back("stdout");
  for (const auto* list : {&options.sources, &options.sinks})
    for (std::size_t k = 0; k < list->size(); ++k)
      for (std::size_t j = 0; j < k; ++j)
        if ((*list)[j] == (*list)[k]) return usage_error("`" + base::harmless((*list)[k]) + "` is named twice", &arguments.command());
  auto port = arguments.integer("metrics", 0, 65535);
  if (!port) return usage_error(port.error(), &arguments.command());

  auto keep = arguments.integer("keep", 1, 36'500);
  if (!keep) return usage_error(keep.error(), &arguments.command());
  if (*keep) options.retention.keep = std::chrono::hours(24 * **keep);

  auto signals = std::make_unique<Signals>();
  Status status(arguments.has("quiet"));
  std::mutex mutex;
  runtime::TailHooks hooks;
  hooks.warn = [&](const std::string& sentence) {
    std::lock_guard lock(mutex);
    status.warn(sentence);
  };
  hooks.show = [&](const base::Diagnostic& diagnostic) {
    std::lock_guard lock(mutex);
    status.show(diagnostic);
  };
  std::shared_ptr<const runtime::Knowledge> knowledge = load_knowledge(arguments, status);
  const std::uint64_t invalid = knowledge->count(detect::Status::invalid) + knowledge->rule_set.failed_paths.size();
  const std::uint64_t not_running = invalid + knowledge->count(detect::Status::unsupported);
  if (not_running > 0) hooks.warn(std::to_string(not_running) + " detections do not run; escudo rules check tells which and why");
  if (knowledge->book->rules().empty()) hooks.warn("no detection is loaded: nothing can be found");

  auto tail = runtime::Tail::open(options, std::move(knowledge), hooks);
  if (!tail) {
    status.fatal(tail.error());
    return kUsage;
  }
  std::unique_ptr<runtime::MetricsServer> server;
  if (*port) {
    runtime::Tail* t = tail->get();
    auto started = runtime::MetricsServer::start(
        static_cast<std::uint16_t>(**port), [t] { return runtime::prometheus_text(t->status()); },
        [t] { return runtime::status_json(t->status()); });
    if (!started) {
      status.fatal(started.error());
      return kUsage;
    }
    server = std::move(started).value();
    status.print("[+] metrics on http://127.0.0.1:" + std::to_string(server->port()) + "/metrics\n");
  }
  signals->watch([t = tail->get()](bool) { t->stop(); }, [t = tail->get()] { t->reload(); });
  auto done = (*tail)->run();
  const bool interrupted = signals->interrupted();
  signals.reset();   // before what it calls is gone
  server.reset();
  const runtime::TailStatus last = (*tail)->status();
  if (!done) {
    status.fatal(done.error());
    return kIncomplete;
  }
  status.print("[+] " + std::to_string(last.events) + " events, " + std::to_string(last.counts.findings) + " findings, " +
               std::to_string(last.counts.revisions) + " later revisions\n");
  if (interrupted) return kInterrupted;
  if (options.once && last.events == 0) return kNothing;
  return last.damaged > 0 || invalid > 0 ? kIncomplete : kDone;
}

}  // namespace escudo::agent
