// Tested by tests/replay/fetch, against a server that misbehaves.
#include "replay/http.hpp"

#include <curl/curl.h>

#include <charconv>
#include <ctime>
#include <mutex>

#include "base/text.hpp"

namespace escudo::replay {
namespace {

constexpr std::size_t most_reply_bytes = 64 * 1024;

// libcurl's global state is made once for the process, before the first handle.
void init_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

template <class T>
std::optional<T> number(std::string_view text) {
  text = base::trim(text);
  T out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return out;
}

// Seconds, or a date.
std::optional<long> retry_after(std::string_view value) {
  value = base::trim(value);
  if (const auto seconds = number<long>(value); seconds && *seconds >= 0) return seconds;
  const std::time_t when = curl_getdate(std::string(value).c_str(), nullptr);
  if (when == -1) return {};
  const auto wait = static_cast<long>(when - std::time(nullptr));
  return wait > 0 ? wait : 0;
}

// What a certificate or an address has wrong stays wrong.
bool is_hopeless(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return true;
    default:
      return false;
  }
}

class Curl final : public HttpClient {
 public:
  explicit Curl(const HttpOptions& options) : options_(options) {
    init_curl();
    handle_ = curl_easy_init();
  }
  ~Curl() override {
    if (handle_) curl_easy_cleanup(handle_);
  }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  Answer get(const std::string& url, std::uint64_t offset, const Take& take) override {
    if (!handle_) return no_memory();
    begin(url);
    offset_ = offset;
    take_ = &take;
    const std::string range = std::to_string(offset) + "-";
    if (offset > 0) curl_easy_setopt(handle_, CURLOPT_RANGE, range.c_str());
    return perform();
  }

  Answer post(const std::string& url, const std::vector<std::string>& headers,
              std::string_view body, std::string& reply) override {
    if (!handle_) return no_memory();
    begin(url);
    reply.clear();
    reply_ = &reply;
    curl_slist* list = nullptr;
    for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
    list = curl_slist_append(list, "Expect:");
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(handle_, CURLOPT_POST, 1L);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    Answer out = perform();
    curl_slist_free_all(list);
    return out;
  }

 private:
  static Answer no_memory() {
    Answer out;
    out.trouble = "libcurl could not start";
    out.hopeless = true;
    return out;
  }

  void begin(const std::string& url) {
    curl_easy_reset(handle_);
    answer_ = {};
    head_ = {};
    take_ = nullptr;
    reply_ = nullptr;
    offset_ = 0;
    file_ = base::istarts_with(url, "file:");
    error_[0] = 0;
    const bool https = base::istarts_with(url, "https:");
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, file_ && options_.files ? "file" : "http,https");
    curl_easy_setopt(handle_, CURLOPT_REDIR_PROTOCOLS_STR, https ? "https" : "http,https");
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(handle_, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_USERAGENT, "escudo");
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options_.ca_file.empty())
      curl_easy_setopt(handle_, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT, options_.connect_seconds);
    curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_LIMIT, 100L);
    curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_TIME, options_.stall_seconds);
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, error_);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &Curl::on_header);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Curl::on_body);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, &Curl::on_progress);
    curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, this);
  }

  Answer perform() {
    const CURLcode code = curl_easy_perform(handle_);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    answer_.length = head_.length;
    if (file_) {
      answer_.status = code == CURLE_FILE_COULDNT_READ_FILE ? 404 : offset_ > 0 ? 206 : 200;
      if (answer_.status == 404) return answer_;
      // A file shorter than the offset: what is held of it is too long.
      if (code == CURLE_BAD_DOWNLOAD_RESUME || code == CURLE_RANGE_ERROR) answer_.status = 416;
    }
    if (options_.stop && options_.stop->load()) answer_.stopped = true;
    if (code != CURLE_OK && !answer_.refused_by_taker && !answer_.stopped) {
      answer_.hopeless = is_hopeless(code);
      answer_.trouble = error_[0] ? error_ : curl_easy_strerror(code);
      if (code == CURLE_OPERATION_TIMEDOUT && answer_.status != 0)
        answer_.trouble = "the server went silent";
    }
    return answer_;
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
    Curl& self = *static_cast<Curl*>(user);
    const std::string_view line(data, size);
    if (base::istarts_with(line, "HTTP/")) {  // of each answer on a way of redirects
      self.head_ = {};
      self.answer_.retry_after.reset();
      self.ranged_from_.reset();
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    const std::string_view name = line.substr(0, colon), value = base::trim(line.substr(colon + 1));
    if (base::iequals(name, "content-length")) self.head_.length = number<std::uint64_t>(value);
    if (base::iequals(name, "retry-after")) self.answer_.retry_after = retry_after(value);
    if (base::iequals(name, "content-range") && base::istarts_with(value, "bytes ")) {
      const std::string_view range = value.substr(6);
      self.ranged_from_ = number<std::uint64_t>(range.substr(0, range.find('-')));
    }
    return size;
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
    Curl& self = *static_cast<Curl*>(user);
    if (self.head_.status == 0) {
      long status = 0;
      curl_easy_getinfo(self.handle_, CURLINFO_RESPONSE_CODE, &status);
      self.head_.status = self.file_ ? (self.offset_ > 0 ? 206 : 200) : static_cast<int>(status);
      if (self.head_.status == 206)
        self.head_.offset = self.file_ ? self.offset_ : self.ranged_from_.value_or(self.offset_);
    }
    if (self.reply_) {
      const std::size_t room = most_reply_bytes - std::min(most_reply_bytes, self.reply_->size());
      self.reply_->append(data, std::min(room, size));
      return size;
    }
    if (self.head_.status != 200 && self.head_.status != 206) return size;  // an error page
    if ((*self.take_)(self.head_, {data, size})) return size;
    self.answer_.refused_by_taker = true;
    return 0;
  }

  static int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const Curl& self = *static_cast<Curl*>(user);
    return self.options_.stop && self.options_.stop->load() ? 1 : 0;
  }

  HttpOptions options_;
  CURL* handle_ = nullptr;
  char error_[CURL_ERROR_SIZE] = {};
  Answer answer_;
  Head head_;
  std::optional<std::uint64_t> ranged_from_;
  std::uint64_t offset_ = 0;
  bool file_ = false;
  const Take* take_ = nullptr;
  std::string* reply_ = nullptr;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options) {
  return std::make_unique<Curl>(options);
}

}  // namespace escudo::replay
