// TCP and TLS connections by libcurl, which verifies certificates with whatever TLS it was built with.

#include <curl/curl.h>

#include <chrono>
#include <thread>

#include "sinks/live/wire.hpp"

namespace escudo::sinks {
namespace {

constexpr auto send_limit = std::chrono::seconds(30);

class Stream final : public Wire {
 public:
  Stream(std::string host, std::string port, bool tls, TlsFiles files)
      : address_((tls ? "https://" : "http://") + host + ":" + port), place_(host + " port " + port),
        files_(std::move(files)) {}
  ~Stream() override { close(); }

  base::Result<void> send(std::string_view bytes, const std::atomic<bool>& stop) override {
    if (!curl_) {
      if (auto connected = connect(); !connected) return connected;
    }
    const auto deadline = std::chrono::steady_clock::now() + send_limit;
    while (!bytes.empty()) {
      std::size_t sent = 0;
      const CURLcode code = curl_easy_send(curl_, bytes.data(), bytes.size(), &sent);
      if (code == CURLE_OK) {
        bytes.remove_prefix(sent);
      } else if (code != CURLE_AGAIN) {
        return failed(curl_easy_strerror(code));
      } else if (stop || std::chrono::steady_clock::now() > deadline) {
        return failed("it takes nothing");
      } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    }
    return {};
  }

  base::Result<void> arrived(const std::atomic<bool>& stop) override {
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (!curl_ || curl_easy_getinfo(curl_, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD) {
      return failed("the connection is gone");
    }
    const auto deadline = std::chrono::steady_clock::now() + send_limit;
    while (unacknowledged_bytes(static_cast<std::intptr_t>(socket)) > 0) {
      if (stop || std::chrono::steady_clock::now() > deadline) return failed("it does not acknowledge what was sent");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    // A peer that closed says so here; what it sends otherwise does not matter.
    char drain[1024];
    std::size_t got = 0;
    const CURLcode code = curl_easy_recv(curl_, drain, sizeof drain, &got);
    if (code == CURLE_AGAIN || (code == CURLE_OK && got > 0)) return {};
    return failed("it closed the connection");
  }

 private:
  base::Result<void> connect() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    curl_ = ready ? curl_easy_init() : nullptr;
    if (!curl_) return base::Error{"libcurl cannot start"};
    curl_easy_setopt(curl_, CURLOPT_URL, address_.c_str());
    curl_easy_setopt(curl_, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl_, CURLOPT_SSL_ENABLE_ALPN, 0L);
    if (!files_.ca.empty()) curl_easy_setopt(curl_, CURLOPT_CAINFO, files_.ca.c_str());
    if (!files_.certificate.empty()) curl_easy_setopt(curl_, CURLOPT_SSLCERT, files_.certificate.c_str());
    if (!files_.key.empty()) curl_easy_setopt(curl_, CURLOPT_SSLKEY, files_.key.c_str());
    const CURLcode code = curl_easy_perform(curl_);
    if (code == CURLE_OK) return {};
    return failed(curl_easy_strerror(code));
  }

  base::Error failed(const std::string& why) {
    close();
    return {"cannot send to " + place_ + ": " + why};
  }
  void close() {
    curl_easy_cleanup(curl_);
    curl_ = nullptr;
  }

  const std::string address_, place_;
  const TlsFiles files_;
  CURL* curl_ = nullptr;
};

}  // namespace

std::unique_ptr<Wire> stream_wire(const std::string& host, const std::string& port, bool tls, const TlsFiles& files) {
  return std::make_unique<Stream>(host, port, tls, files);
}

}  // namespace escudo::sinks
