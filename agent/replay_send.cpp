// escudo replay send
#include <cmath>
#include <cstdlib>

#include "base/files.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "event/value.hpp"
#include "replay/send.hpp"
#include "replay_options.hpp"
#include "shared_options.hpp"
#include "terminal.hpp"

namespace escudo::agent {
namespace {

// "3600", "-90m", "+7d": seconds without a unit.
std::optional<base::Duration> parse_shift(std::string_view text) {
  text = base::trim(text);
  double factor = 1;
  if (!text.empty()) {
    for (const auto& [unit, seconds] : {std::pair<char, double>{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}, {'w', 604'800}}) {
      if (text.back() == unit) {
        factor = seconds;
        text.remove_suffix(1);
        break;
      }
    }
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto number = event::parse_number(text);
  if (!number || !(std::abs(*number * factor) <= 1e10)) return {};
  return base::Duration(std::llround(*number * factor * 1e6));
}

// A token on the command line would be seen by everybody who lists processes.
base::Result<std::string> hec_token(const Arguments& arguments) {
  if (arguments.has("token-file")) {
    auto text = base::read_file(arguments.text("token-file"), 4096);
    if (!text) return base::Error{text.error()};
    return std::string(base::trim(*text));
  }
  const char* token = std::getenv("ESCUDO_HEC_TOKEN");
  if (!token || !*token) return base::Error{"a collector wants a token: --token-file FILE, or the environment variable ESCUDO_HEC_TOKEN"};
  return std::string(token);
}

base::Result<std::unique_ptr<replay::Destination>> make_destination(const Arguments& arguments, const replay::FetchOptions& net) {
  const std::string spec = arguments.text("sink");
  if (spec == "journald") return replay::journal_destination("");
  if (spec.starts_with("journald:")) return replay::journal_destination(spec.substr(9));
  if (spec.starts_with("file:") && spec.size() > 5) return replay::file_destination(spec.substr(5));
  if (spec.starts_with("hec:") && spec.find("://") != std::string::npos) {
    auto token = hec_token(arguments);
    if (!token) return base::Error{token.error()};
    replay::HecOptions options;
    options.url = spec.substr(4);
    options.token = *token;
    options.ca_file = arguments.text("ca-file");
    options.retries = net.retries;
    options.first_wait_seconds = net.first_wait_seconds;
    options.stall_seconds = net.stall_seconds;
    options.stop = &watch_interrupt();
    return replay::hec_destination(options);
  }
  return base::Error{"--sink is hec:URL, file:PATH or journald[:SOCKET], not `" + base::harmless(spec) + "`"};
}

}  // namespace

int run_replay_send(const Arguments& arguments) {
  const auto wrong = [&](const std::string& sentence) { return usage_error(sentence, &arguments.command()); };
  if (arguments.positional().empty()) return wrong("replay send wants at least one NAME of a dataset or detection, or a file");
  if (!arguments.has("sink")) return wrong("replay send wants --sink, where to send to");
  auto net = fetch_options(arguments);
  if (!net) return wrong(net.error());
  replay::SendOptions options;
  auto open = open_options(arguments);
  if (!open) return wrong(open.error());
  options.open = *open;
  auto speed = positive(arguments, "speed");
  if (!speed) return wrong(speed.error());
  if (*speed && **speed == 0) return wrong("--speed wants a number above 0; without it all is sent at once");
  options.speed = speed->value_or(0);
  if (const std::string shift = arguments.text("shift"); shift == "now") {
    options.to_now = true;
  } else if (arguments.has("shift")) {
    options.shift = parse_shift(shift);
    if (!options.shift) return wrong("--shift is `now` or a time such as 3600, -90m or 7d, not `" + base::harmless(shift) + "`");
  }
  Status status(arguments.has("quiet"));
  auto found = replay_inputs(arguments, status);
  if (!found) return wrong(found.error());
  auto destination = make_destination(arguments, *net);
  if (!destination) return wrong(destination.error());

  std::vector<replay::SendInput> inputs;
  for (const std::string& path : found->paths) {
    const NamedInput& named = found->named.at(path);
    inputs.push_back({path, named.name, {named.source, named.sourcetype, named.host, arguments.text("splunk-index")}});
  }
  replay::SendHooks hooks;
  hooks.stop = &watch_interrupt();
  hooks.now = [] { return std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now()); };
  hooks.tell = [&](const std::string& sentence) { status.print("[+] " + sentence + "\n"); };
  auto shown = std::chrono::steady_clock::now();
  hooks.progress = [&](std::uint64_t done, std::uint64_t total) {
    if (std::chrono::steady_clock::now() - shown < std::chrono::milliseconds(100)) return;
    shown = std::chrono::steady_clock::now();
    status.progress(done, total, 0, 1);
  };
  const replay::SendReport report = replay::send(inputs, **destination, options, hooks);
  for (const std::string& problem : report.problems) status.warn(problem);
  if (!report.failure.empty()) status.fatal(report.failure);
  status.print("[+] " + std::to_string(report.sent) + " of " + std::to_string(report.events) + " events sent, " + human_bytes(report.bytes) + "\n");
  if (report.interrupted) return kInterrupted;
  if (report.events == 0) return kNothing;
  return !report.failure.empty() || !report.problems.empty() || found->missing > 0 ? kIncomplete : kDone;
}

}  // namespace escudo::agent
