// Tested by tests/replay/command/send, against a collector that is busy, refuses and breaks.
#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "replay/http.hpp"
#include "replay/send.hpp"

namespace escudo::replay {
namespace {

// Splunk's default limit was about a megabyte in older releases.
constexpr std::size_t batch_bytes = 512 * 1024;

std::string url_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const char l = base::ascii_lower(c);
    if (base::is_digit(c) || (l >= 'a' && l <= 'z') || c == '-' || c == '_' || c == '.' ||
        c == '~') {
      out += c;
    } else {
      const auto u = static_cast<unsigned char>(c);
      out += {'%', digits[u >> 4], digits[u & 15]};
    }
  }
  return out;
}

// A channel names a client; tokens with acknowledgement demand one.
std::string new_channel() {
  std::random_device random;
  std::string bytes;
  for (int k = 0; k < 16; ++k) bytes += static_cast<char>(random() & 0xff);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string hex = base::to_hex(bytes);
  for (const std::size_t at : {20u, 16u, 12u, 8u}) hex.insert(at, "-");
  return hex;
}

class Hec final : public Destination {
 public:
  explicit Hec(const HecOptions& options) : options_(options), channel_(new_channel()) {
    HttpOptions http;
    http.stall_seconds = options.stall_seconds;
    http.ca_file = options.ca_file;
    http.stop = options.stop;
    client_ = make_http_client(http);
    endpoint_ = options.url;
    while (endpoint_.ends_with('/')) endpoint_.pop_back();
    const std::size_t host = endpoint_.find("://");
    if (endpoint_.find('/', host == std::string::npos ? 0 : host + 3) == std::string::npos)
      endpoint_ += "/services/collector/raw";
  }

  base::Result<void> send(const Names& names, std::string_view raw) override {
    const std::string query = query_of(names);
    if (!body_.empty() && (query != query_ || body_.size() + raw.size() + 1 > batch_bytes)) {
      if (auto done = flush(); !done) return done;
    }
    query_ = query;
    body_ += raw;
    body_ += '\n';
    ++held_;
    return {};
  }

  base::Result<void> flush() override {
    if (body_.empty()) return {};
    const std::vector<std::string> headers{"Authorization: Splunk " + options_.token,
                                           "X-Splunk-Request-Channel: " + channel_,
                                           "Content-Type: text/plain"};
    double pause = options_.first_wait_seconds;
    for (unsigned attempt = 0;; ++attempt) {
      std::string reply;
      const Answer answer = client_->post(endpoint_ + query_, headers, body_, reply);
      if (answer.status >= 200 && answer.status < 300 && answer.whole()) {
        body_.clear();
        held_ = 0;
        return {};
      }
      if (answer.stopped) return base::Error{"interrupted"};
      std::string reason =
          answer.status >= 300
              ? "the collector answers " + std::to_string(answer.status) + ": " +
                    base::harmless(base::trim(std::string_view(reply).substr(0, 300)))
          : answer.trouble.empty() ? "the collector does not answer"
                                   : answer.trouble;
      // Sent again after a broken answer, events may arrive twice; lost ones would be worse.
      const bool again = answer.status == 0 || answer.status == 429 || answer.status >= 500 ||
                         !answer.trouble.empty();
      if (!again || answer.hopeless) return base::Error{reason + " (" + endpoint_ + ")"};
      if (attempt >= options_.retries)
        return base::Error{reason + ", " + std::to_string(attempt + 1) + " times (" + endpoint_ +
                           ")"};
      wait(std::max(pause, static_cast<double>(std::min(answer.retry_after.value_or(0), 300L))));
      pause = std::min(pause * 2, 60.0);
    }
  }

  std::uint64_t held() const override { return held_; }

 private:
  void wait(double seconds) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (!(options_.stop && options_.stop->load()) && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  static std::string query_of(const Names& names) {
    std::string out;
    for (const auto& [key, value] : {std::pair{"index", &names.index},
                                     {"source", &names.source},
                                     {"sourcetype", &names.sourcetype},
                                     {"host", &names.host}}) {
      if (!value->empty())
        out += (out.empty() ? "?" : "&") + std::string(key) + "=" + url_encoded(*value);
    }
    return out;
  }

  HecOptions options_;
  std::string channel_, endpoint_, query_, body_;
  std::uint64_t held_ = 0;  // events in body_
  std::unique_ptr<HttpClient> client_;
};

}  // namespace

std::unique_ptr<Destination> hec_destination(const HecOptions& options) {
  return std::make_unique<Hec>(options);
}

}  // namespace escudo::replay
