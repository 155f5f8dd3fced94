// Tested by tests/unit/sinks/live_hec.cpp.

#include "sinks/live/http_post.hpp"

#include <curl/curl.h>

#include <algorithm>

namespace escudo::sinks {

struct HttpPost::Handles {
  CURL* curl = nullptr;
  char error[CURL_ERROR_SIZE] = {};
  ~Handles() { curl_easy_cleanup(curl); }
};

namespace {

constexpr std::size_t body_limit = 64 * 1024;

std::size_t take_body(char* data, std::size_t one, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  const std::size_t size = one * count;
  body.append(data, std::min(size, body_limit - std::min(body_limit, body.size())));
  return size;
}

int asked_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

// Once a process, before any thread uses curl.
bool curl_ready() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

}  // namespace

HttpPost::HttpPost(const HttpPostOptions& options) : handles_(std::make_unique<Handles>()), options_(options) {
  if (curl_ready()) handles_->curl = curl_easy_init();
}
HttpPost::~HttpPost() = default;

HttpPost::Answer HttpPost::post(const std::string& url, const std::vector<std::string>& headers,
                                std::string_view body, const std::atomic<bool>& stop) {
  Answer out;
  CURL* curl = handles_->curl;
  if (!curl) return {.trouble = "libcurl cannot start"};
  curl_easy_reset(curl);  // keeps the connection
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  handles_->error[0] = '\0';
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &out.body);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, handles_->error);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, options_.connect_seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, options_.answer_seconds);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, asked_to_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, const_cast<void*>(static_cast<const void*>(&stop)));
  if (!options_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
  const CURLcode code = curl_easy_perform(curl);
  curl_slist_free_all(list);
  if (code != CURLE_OK) {
    out.trouble = handles_->error[0] ? handles_->error : curl_easy_strerror(code);
    return out;
  }
  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
  out.status = static_cast<int>(status);
  out.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(retry_after, 0, 3600));
  return out;
}

}  // namespace escudo::sinks
