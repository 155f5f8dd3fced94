#include <winsock2.h>
#include <ws2tcpip.h>

#include <system_error>

#include "sinks/live/wire.hpp"

namespace escudo::sinks {
namespace {

std::string last_error() { return std::error_code(WSAGetLastError(), std::system_category()).message(); }

class Udp final : public Wire {
 public:
  Udp(std::string host, std::string port) : host_(std::move(host)), port_(std::move(port)) {
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
  }
  ~Udp() override {
    close();
    WSACleanup();
  }

  base::Result<void> send(std::string_view bytes, const std::atomic<bool>&) override {
    if (socket_ == INVALID_SOCKET) {
      if (auto connected = connect(); !connected) return connected;
    }
    const int n = ::send(socket_, bytes.data(), static_cast<int>(bytes.size()), 0);
    if (n == static_cast<int>(bytes.size())) return {};
    const base::Error why{"cannot send to " + host_ + " port " + port_ + ": " + last_error()};
    close();
    return why;
  }

 private:
  base::Result<void> connect() {
    addrinfo hints = {};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found) != 0) {
      return base::Error{"cannot find " + host_ + ": " + last_error()};
    }
    for (const addrinfo* each = found; each && socket_ == INVALID_SOCKET; each = each->ai_next) {
      socket_ = ::socket(each->ai_family, each->ai_socktype, each->ai_protocol);
      if (socket_ != INVALID_SOCKET && ::connect(socket_, each->ai_addr, static_cast<int>(each->ai_addrlen)) != 0) close();
    }
    ::freeaddrinfo(found);
    if (socket_ != INVALID_SOCKET) return {};
    return base::Error{"cannot send to " + host_ + " port " + port_ + ": " + last_error()};
  }
  void close() {
    if (socket_ != INVALID_SOCKET) ::closesocket(socket_);
    socket_ = INVALID_SOCKET;
  }

  const std::string host_, port_;
  SOCKET socket_ = INVALID_SOCKET;
};

}  // namespace

std::unique_ptr<Wire> udp_wire(const std::string& host, const std::string& port) {
  return std::make_unique<Udp>(host, port);
}

int unacknowledged_bytes(std::intptr_t) { return 0; }

}  // namespace escudo::sinks
