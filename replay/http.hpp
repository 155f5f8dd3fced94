#pragma once
// One HTTP request at a time, by libcurl: TLS verified, redirects followed but never from https to
// http, the proxy taken from http_proxy, https_proxy and no_proxy. file:// serves mirrors on disk, where that is allowed.
//
// Threads: a client belongs to one thread; it keeps its connections between requests.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::replay {

struct HttpOptions {
  long connect_seconds = 20;
  // Less than 100 bytes a second for so long ends the transfer (slow drip, dead peer).
  long stall_seconds = 30;
  std::string ca_file;                      // certificates to trust instead of the system's
  bool files = false;                       // file:// is asked too, else http and https alone
  const std::atomic<bool>* stop = nullptr;  // set: the transfer ends within a second
};

struct Answer {
  int status = 0;                 // 0: no answer came; of file:// 200, 206 or 404
  std::string trouble;            // why the transfer is not whole; "" when it is
  bool hopeless = false;          // asking again cannot help (bad certificate, bad address)
  bool refused_by_taker = false;  // `take` returned false
  bool stopped = false;
  std::optional<long> retry_after;      // seconds the server asks to wait
  std::optional<std::uint64_t> length;  // of this body, as the header says
  bool whole() const { return trouble.empty() && !refused_by_taker && !stopped; }
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  struct Head {
    int status = 0;
    std::optional<std::uint64_t> length;  // of this body
    std::uint64_t offset = 0;             // where its first byte belongs
  };
  // Gets the body from `offset` on; `take` is called with pieces of the body of 200 and 206 only
  // and returns false to end the transfer. A server that knows no ranges sends all: offset 0 in
  // `head`.
  using Take = std::function<bool(const Head& head, std::string_view piece)>;
  virtual Answer get(const std::string& url, std::uint64_t offset, const Take& take) = 0;
  // Posts a body; the answer's first 64 KiB are in `reply`.
  virtual Answer post(const std::string& url, const std::vector<std::string>& headers,
                      std::string_view body, std::string& reply) = 0;
};

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options);

}  // namespace escudo::replay
