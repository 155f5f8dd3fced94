#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

#include "live_support.hpp"
#include "sinks/live/syslog_message.hpp"

using namespace escudo;
using std::chrono::seconds;

namespace {

// Listens on a free port of this machine; TCP connections are read until they end.
class Receiver {
 public:
  explicit Receiver(bool udp, int port = 0) : udp_(udp) {
    listener_ = ::socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE((udp || ::listen(listener_, 4) == 0));
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Receiver() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
  }
  int port() const { return port_; }
  std::string text() const {
    const std::scoped_lock lock(mutex_);
    return text_;
  }
  std::vector<std::string> datagrams() const {
    const std::scoped_lock lock(mutex_);
    return datagrams_;
  }

 private:
  bool readable(int socket) {
    pollfd wait{socket, POLLIN, 0};
    return ::poll(&wait, 1, 20) == 1;
  }
  void run() {
    std::string buffer(1 << 17, '\0');
    int connection = udp_ ? listener_ : -1;
    while (!stop_) {
      if (connection < 0 && readable(listener_)) connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0 || !readable(connection)) continue;
      const ssize_t n = ::recv(connection, buffer.data(), buffer.size(), 0);
      if (n <= 0) {
        ::close(connection);
        connection = -1;
        continue;
      }
      const std::scoped_lock lock(mutex_);
      if (udp_) datagrams_.push_back(buffer.substr(0, static_cast<std::size_t>(n)));
      text_.append(buffer, 0, static_cast<std::size_t>(n));
    }
    if (!udp_ && connection >= 0) ::close(connection);
  }

  const bool udp_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;
  std::string text_;
  std::vector<std::string> datagrams_;
  std::thread thread_;
};

// Messages of a stream in which each has its length before it; REQUIREs that it is whole.
std::vector<std::string> messages(const std::string& stream) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t blank = stream.find(' ', at);
    REQUIRE(blank != std::string::npos);
    const std::size_t size = std::stoul(stream.substr(at, blank - at));
    REQUIRE(blank + 1 + size <= stream.size());
    out.push_back(stream.substr(blank + 1, size));
    at = blank + 1 + size;
  }
  return out;
}

}  // namespace

TEST_CASE("a finding as a message of RFC 5424") {
  const sinks::SyslogHeader header{.facility = 16, .host = "pc 1", .app = "escudo", .process = "77"};
  const std::string text = sinks::syslog_message(header, wmi_finding(), SIZE_MAX);
  CHECK(text == "<133>1 2020-09-14T12:06:01.000000Z pc_1 escudo 77 finding "
                "[escudo@32473 finding_id=\"0123456789abcdef0123456789abcdef\" revision=\"0\" score=\"25\"] " +
                    sinks::finding_json(wmi_finding()));
  const std::string small = sinks::syslog_message(header, wmi_finding(), 400);
  CHECK(small.size() <= 400);
  CHECK(nlohmann::json::parse(small.substr(small.find('{')))["shortened"] == true);
  findings::Finding bare = bare_finding();
  CHECK(sinks::syslog_message({}, bare, SIZE_MAX).starts_with("<134>1 - - escudo - finding ["));
}

TEST_CASE("syslog over TCP: whole messages, and a receiver that comes later gets them all") {
  const ScratchFolder folder;
  int port = 0;
  {
    const Receiver receiver(false);
    port = receiver.port();
    auto sink = open_sink("syslog:tcp://127.0.0.1:" + std::to_string(port) + "?retry=50", folder);
    REQUIRE(sink->resume("").ok());
    for (int i = 0; i < 50; ++i) sink->add(numbered(i));
    commit(*sink);
    REQUIRE(within(seconds(10), [&] { return sink->report().waiting == 0; }));
    REQUIRE(within(seconds(10), [&] { return messages(receiver.text()).size() == 50; }));
    CHECK(messages(receiver.text())[7] == sinks::syslog_message({}, numbered(7), SIZE_MAX));
  }
  auto sink = open_sink("syslog:tcp://127.0.0.1:" + std::to_string(port) + "?retry=50", folder);
  REQUIRE(sink->resume("0").ok());
  for (int i = 50; i < 60; ++i) sink->add(numbered(i));
  commit(*sink);
  REQUIRE(within(seconds(10), [&] { return sink->report().retries > 0; }));
  CHECK(sink->report().trouble.find("cannot send to 127.0.0.1 port") != std::string::npos);
  const Receiver receiver(false, port);
  REQUIRE(within(seconds(10), [&] { return sink->report().waiting == 0; }));
  REQUIRE(within(seconds(10), [&] { return messages(receiver.text()).size() == 10; }));
}

TEST_CASE("syslog over UDP: a datagram a finding") {
  const ScratchFolder folder;
  const Receiver receiver(true);
  auto sink = open_sink("syslog:udp://127.0.0.1:" + std::to_string(receiver.port()) + "?facility=auth", folder);
  REQUIRE(sink->resume("").ok());
  sink->add(numbered(1));
  findings::Finding large = numbered(2);
  large.fields.emplace_back("x", event::Value(std::string(70'000, 'x')));
  sink->add(large);
  commit(*sink);
  REQUIRE(within(seconds(10), [&] { return receiver.datagrams().size() == 2; }));
  CHECK(receiver.datagrams()[0] == sinks::syslog_message({.facility = 4}, numbered(1), 65'000));
  CHECK(receiver.datagrams()[1].find("\"shortened\":true") != std::string::npos);
}

TEST_CASE("syslog refuses specs with a sentence") {
  const ScratchFolder folder;
  CHECK(refusal("syslog:tls://log.example?ca=/etc/ca.pem", folder).empty());
  CHECK(refusal("syslog:tcp://[::1]:601", folder).empty());
  CHECK(refusal("syslog:log.example", folder).find("it wants syslog:udp://") != std::string::npos);
  CHECK(refusal("syslog:tcp://:12", folder).find("HOST[:PORT]") != std::string::npos);
  CHECK(refusal("syslog:tcp://a:b", folder).find("HOST[:PORT]") != std::string::npos);
  CHECK(refusal("syslog:udp://a?ca=x", folder).find("no option \"ca\"") != std::string::npos);
  CHECK(refusal("syslog:udp://a?facility=local9", folder).find("local9") != std::string::npos);
  auto none = sinks::make_network_sink("stdout", {});
  REQUIRE(none.ok());
  CHECK_FALSE(*none);
}
