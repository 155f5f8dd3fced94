#include "sinks/live/network.hpp"

#include "sinks/live/kinds.hpp"

namespace escudo::sinks {

std::string sink_name(const base::Spec& spec) { return spec.kind + ":" + spec.target; }

base::Result<std::unique_ptr<LiveSink>> make_network_sink(const std::string& text, const LiveSinkOptions& options) {
  const struct {
    const char* kind;
    MadeSink (*make)(base::Spec&, const LiveSinkOptions&);
  } kinds[] = {{"hec", make_hec}, {"syslog", make_syslog}, {"kafka", make_kafka}};
  auto spec = base::Spec::parse(text);
  if (!spec) return base::Error{"--sink " + text.substr(0, text.find('?')) + ": " + spec.error()};
  const std::string name = "--sink " + sink_name(*spec) + ": ";
  for (const auto& [kind, make] : kinds) {
    if (spec->kind != kind) continue;
    auto sink = make(*spec, options);
    if (!sink) return base::Error{name + sink.error()};
    return sink;
  }
  return std::unique_ptr<LiveSink>();
}

}  // namespace escudo::sinks
