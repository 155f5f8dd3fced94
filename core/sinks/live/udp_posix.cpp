#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#ifdef __linux__
#include <linux/sockios.h>
#endif

#include "sinks/live/wire.hpp"

namespace escudo::sinks {
namespace {

class Udp final : public Wire {
 public:
  Udp(std::string host, std::string port) : host_(std::move(host)), port_(std::move(port)) {}
  ~Udp() override { close(); }

  base::Result<void> send(std::string_view bytes, const std::atomic<bool>&) override {
    if (socket_ < 0) {
      if (auto connected = connect(); !connected) return connected;
    }
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n == static_cast<ssize_t>(bytes.size())) return {};
    const base::Error why{"cannot send to " + host_ + " port " + port_ + ": " + std::strerror(errno)};
    close();  // the name may have another address by now
    return why;
  }

 private:
  base::Result<void> connect() {
    addrinfo hints = {};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found);
    if (code != 0) return base::Error{"cannot find " + host_ + ": " + ::gai_strerror(code)};
    for (const addrinfo* each = found; each && socket_ < 0; each = each->ai_next) {
      socket_ = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
      if (socket_ >= 0 && ::connect(socket_, each->ai_addr, each->ai_addrlen) != 0) close();
    }
    ::freeaddrinfo(found);
    if (socket_ >= 0) return {};
    return base::Error{"cannot send to " + host_ + " port " + port_ + ": " + std::strerror(errno)};
  }
  void close() {
    const int error = errno;
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    errno = error;
  }

  const std::string host_, port_;
  int socket_ = -1;
};

}  // namespace

std::unique_ptr<Wire> udp_wire(const std::string& host, const std::string& port) {
  return std::make_unique<Udp>(host, port);
}

int unacknowledged_bytes(std::intptr_t socket) {
#ifdef SIOCOUTQ
  int bytes = 0;
  if (::ioctl(static_cast<int>(socket), SIOCOUTQ, &bytes) == 0) return bytes;
#endif
  (void)socket;
  return 0;
}

}  // namespace escudo::sinks
