// Syslog, RFC 5424: over TCP and TLS with the length before each message (RFC 6587, RFC 5425), over UDP
// a datagram a message. Syslog has no acknowledgement of its own: over TCP and TLS a batch counts as
// delivered when the other machine's TCP has it, over UDP when it has left. Tested by
// tests/unit/sinks/live_syslog.cpp.

#include "sinks/live/kinds.hpp"
#include "sinks/live/spooled.hpp"
#include "sinks/live/syslog_message.hpp"
#include "sinks/live/wire.hpp"

namespace escudo::sinks {
namespace {

constexpr std::size_t largest_datagram = 65'000;

class Syslog final : public Delivery {
 public:
  Syslog(SyslogHeader header, bool datagrams, std::unique_ptr<Wire> wire)
      : header_(std::move(header)), datagrams_(datagrams), wire_(std::move(wire)) {}

  std::vector<std::string> encode(const findings::Finding& finding) override {
    return {framed(syslog_message(header_, finding, datagrams_ ? largest_datagram : SIZE_MAX))};
  }
  std::vector<std::string> encode(const Notice& notice) override { return {framed(syslog_message(header_, notice))}; }

  Outcome deliver(const std::vector<std::string_view>& records, const std::atomic<bool>& stop) override {
    if (datagrams_) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (auto sent = wire_->send(records[i], stop); !sent) return {.delivered = i, .trouble = sent.error()};
      }
      return {.delivered = records.size()};
    }
    std::string bytes;
    for (const std::string_view record : records) bytes += record;
    auto done = wire_->send(bytes, stop);
    if (done) done = wire_->arrived(stop);
    if (!done) return {.trouble = done.error()};
    return {.delivered = records.size()};
  }

 private:
  std::string framed(std::string message) const {
    return datagrams_ ? message : std::to_string(message.size()) + ' ' + message;
  }

  const SyslogHeader header_;
  const bool datagrams_;
  const std::unique_ptr<Wire> wire_;
};

base::Result<int> facility(const std::string& name) {
  static constexpr const char* names[] = {"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news",
                                          "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
                                          "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"};
  for (int i = 0; i < 24; ++i) {
    if (name == names[i]) return i;
  }
  return base::Error{"there is no facility \"" + name + "\""};
}

}  // namespace

MadeSink make_syslog(base::Spec& spec, const LiveSinkOptions& live) {
  const std::string& target = spec.target;
  const bool udp = target.starts_with("udp://"), tls = target.starts_with("tls://");
  if (!udp && !tls && !target.starts_with("tcp://")) {
    return base::Error{"it wants syslog:udp://HOST[:PORT], tcp://HOST[:PORT] or tls://HOST[:PORT]"};
  }
  std::string host = target.substr(6), port = udp ? "514" : tls ? "6514" : "601";
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) {
    port = host.substr(colon + 1);
    host.resize(colon);
  }
  if (host.empty() || port.empty() || port.find_first_not_of("0123456789") != std::string::npos ||
      host.find_first_of("/@? ") != std::string::npos) {
    return base::Error{"\"" + target.substr(6) + "\" is no HOST[:PORT]"};
  }
  if (udp && host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  SyslogHeader header;
  auto number = facility(spec.text("facility", "local0"));
  if (!number) return base::Error{number.error()};
  header.facility = *number;
  header.host = spec.text("host", "-");
  header.app = spec.text("app", "escudo");
  TlsFiles files;
  if (tls) files = {spec.text("ca", ""), spec.text("cert", ""), spec.text("key_file", "")};
  auto spooled = spooled_options(spec, live);
  if (!spooled) return base::Error{spooled.error()};
  if (auto known = spec.all_known(); !known) return base::Error{known.error()};
  auto wire = udp ? udp_wire(host, port) : stream_wire(host, port, tls, files);
  if (!wire) return base::Error{"this build of escudo has syslog over UDP only"};
  return make_spooled(std::make_unique<Syslog>(std::move(header), udp, std::move(wire)), *spooled);
}

}  // namespace escudo::sinks
