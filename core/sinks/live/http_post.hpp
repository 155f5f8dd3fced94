#pragma once
// One POST at a time over a connection that is kept, by libcurl: TLS verified, no redirects, since
// they would carry a token elsewhere. The proxy is taken from https_proxy and no_proxy.
// Private to sinks. Threads: one.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::sinks {

struct HttpPostOptions {
  std::string ca_file;   // "" for the system's certificates
  long connect_seconds = 10;
  long answer_seconds = 60;
};

class HttpPost {
 public:
  struct Answer {
    int status = 0;       // 0: none came
    std::string trouble;  // then why
    std::string body;     // its first 64 KiB
    std::chrono::seconds retry_after{0};
  };
  explicit HttpPost(const HttpPostOptions& options);
  ~HttpPost();
  // Ends soon once `stop` is set.
  Answer post(const std::string& url, const std::vector<std::string>& headers, std::string_view body,
              const std::atomic<bool>& stop);

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
  const HttpPostOptions options_;
};

}  // namespace escudo::sinks
