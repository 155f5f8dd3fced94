// Which live sinks there are, and notices as JSON.
#include "sinks/live.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "sinks/live/network.hpp"
#include "sinks/live_jsonl.hpp"

namespace escudo::sinks {

std::string notice_json(const Notice& n) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("type", "notice").member("kind", n.kind).member("time", base::format_utc_micros(n.time));
  json.member("source", n.source).member("channel", n.channel).member("host", n.host);
  json.member("first", n.first).member("last", n.last).member("text", n.text).end_object();
  return out;
}

base::Result<std::unique_ptr<LiveSink>> make_live_sink(const std::string& spec, const LiveSinkOptions& options) {
  if (spec == "stdout") return live_stdout();
  if (spec.starts_with("jsonl:")) return open_live_jsonl(spec.substr(6));
  auto network = make_network_sink(spec, options);
  if (!network || *network) return network;
  // Not the whole: what stands behind a '?' may be a secret that is in the wrong place.
  return base::Error{"there is no sink `" + base::harmless(spec.substr(0, spec.find('?'))) +
                     "`; --sink is stdout, jsonl:FILE, hec:URL, syslog:URL or kafka:BROKERS/TOPIC"};
}

}  // namespace escudo::sinks
