// Tested by tests/replay/fetch (a server that misbehaves) and tests/replay/kill_fetch.
#include "replay/download.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace escudo::replay {
namespace {

constexpr double longest_wait = 60, longest_asked_wait = 300;
// Of a file whose size nobody told: no log of attack_data has as much.
constexpr std::uint64_t most_unknown_bytes = 4ull << 30;
// An attempt that brought so much was no failure: slow lines may break often.
constexpr std::uint64_t progress_bytes = 64 * 1024;

bool worth_retrying(int status) {
  return status == 0 || status == 200 || status == 206 || status == 408 || status == 416 ||
         status == 425 || status == 429 || status >= 500;
}

double jitter() {
  thread_local std::minstd_rand random(std::random_device{}());
  return std::uniform_real_distribution<double>(0.5, 1.0)(random);
}

std::string status_text(int status) { return "the server answers " + std::to_string(status); }

// A proxy's or a portal's page in place of the file. No log begins so.
bool looks_like_page(std::string_view text) {
  text = base::trim(text.substr(0, 200));
  return base::istarts_with(text, "<!doctype html") || base::istarts_with(text, "<html");
}
constexpr const char* page_sentence = "the server sends a web page instead of the file";

// The hash of what a partial file holds already.
base::Result<void> hash_held(LockedFile& file, base::Sha256& hash) {
  std::vector<char> block(256 * 1024);
  for (std::uint64_t at = 0; at < file.size();) {
    auto n = file.read_at(at, block.data(), block.size());
    if (!n) return base::Error{n.error()};
    if (*n == 0) break;
    hash.update({block.data(), *n});
    at += *n;
  }
  return {};
}

}  // namespace

Downloader::Downloader(const Store& store, const FetchOptions& options,
                       const std::atomic<bool>* stop, std::atomic<std::uint64_t>& bytes_done)
    : store_(store), options_(options), stop_(stop), bytes_done_(bytes_done) {
  HttpOptions http;
  http.connect_seconds = options.connect_seconds;
  http.stall_seconds = options.stall_seconds;
  http.ca_file = options.ca_file;
  http.files = base::istarts_with(options.mirror, "file:");
  http.stop = stop;
  client_ = make_http_client(http);
}

void Downloader::wait(double seconds) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!stopped() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Outcome Downloader::persist(const std::string& url, const std::function<Attempt()>& once) {
  double pause = options_.first_wait_seconds;
  for (unsigned failures = 0;;) {
    const Attempt attempt = once();
    if (attempt.done) return {FetchState::fetched, ""};
    const Answer& answer = attempt.answer;
    if (answer.stopped || stopped()) return {FetchState::interrupted, "interrupted"};
    std::string reason = !attempt.wrong.empty()                         ? attempt.wrong
                         : answer.status >= 400 || answer.status == 304 ? status_text(answer.status)
                         : answer.trouble.empty()                       ? status_text(answer.status)
                                                                        : answer.trouble;
    reason += " (" + url + ")";
    if (answer.status == 404 || answer.status == 410) return {FetchState::dead, reason};
    if (attempt.final || answer.hopeless || !worth_retrying(answer.status))
      return {FetchState::failed, reason};
    if (attempt.got >= progress_bytes) {
      failures = 0;
      pause = options_.first_wait_seconds;
    }
    if (failures++ >= options_.retries) {
      return {FetchState::failed, reason + ", " + std::to_string(options_.retries + 1) + " times"};
    }
    double seconds = pause * jitter();
    if (answer.retry_after) {
      if (static_cast<double>(*answer.retry_after) > longest_asked_wait) {
        return {FetchState::failed, reason + ", and asks to come back in " +
                                        std::to_string(*answer.retry_after) + " seconds"};
      }
      seconds = std::max(seconds, static_cast<double>(*answer.retry_after));
    }
    wait(seconds);
    pause = std::min(pause * 2, longest_wait);
  }
}

Pointer Downloader::pointer(const std::string& url) {
  Pointer out;
  out.outcome = persist(url, [&] {
    Attempt attempt;
    std::string text;
    attempt.answer =
        client_->get(url, 0, [&](const HttpClient::Head& head, std::string_view piece) {
          text += piece;
          out.bytes = head.length;
          // Enough to tell that it is no pointer.
          return text.size() <= most_pointer_bytes;
        });
    if (looks_like_page(text)) {
      attempt.wrong = page_sentence;
    } else if (const auto content = parse_pointer(text); content && attempt.answer.whole()) {
      out.content = content;
      out.bytes = content->bytes;
      attempt.done = true;
    } else if (text.size() > most_pointer_bytes) {
      attempt.done = !looks_like_pointer(text);
      attempt.wrong = "the pointer is damaged";
    } else if (attempt.answer.whole() && attempt.answer.status == 200) {
      if (looks_like_pointer(text)) {
        attempt.wrong = "the pointer is damaged";
      } else {
        attempt.done = true;
        out.bytes = text.size();
      }
    }
    return attempt;
  });
  return out;
}

Outcome Downloader::content(const std::string& url, const Content& content) {
  auto file = store_.open_partial(content.sha256, [this] { return stopped(); });
  if (!file) return {FetchState::failed, file.error()};
  if (!*file) return {FetchState::interrupted, "interrupted"};
  if (store_.has(content)) {  // another process was faster
    (*file)->remove();
    count(static_cast<std::int64_t>(content.bytes));
    return {FetchState::fetched, ""};
  }
  if ((*file)->size() > content.bytes) {
    if (auto done = (*file)->truncate(); !done) return {FetchState::failed, done.error()};
  }
  bad_hashes_ = 0;
  most_held_ = (*file)->size();
  count(static_cast<std::int64_t>((*file)->size()));
  Outcome out = persist(url, [&] { return once(url, content, **file); });
  if (out.state != FetchState::fetched) {
    count(-static_cast<std::int64_t>((*file)->size()));
    return out;
  }
  if (auto done = store_.publish(std::move(*file), content); !done)
    return {FetchState::failed, done.error()};
  return out;
}

// One request; what it brings is in the partial file, done when the hash is right.
Downloader::Attempt Downloader::once(const std::string& url, const Content& content,
                                     LockedFile& file) {
  Attempt attempt;
  base::Sha256 hash;
  std::string broken;  // the disk's fault
  const auto restart = [&] {
    count(-static_cast<std::int64_t>(file.size()));
    hash = base::Sha256();
    if (auto done = file.truncate(); !done) broken = done.error();
  };
  if (auto done = hash_held(file, hash); !done) broken = done.error();
  bool begun = false;
  if (file.size() < content.bytes && broken.empty()) {
    attempt.answer =
        client_->get(url, file.size(), [&](const HttpClient::Head& head, std::string_view piece) {
          const bool first = !begun;
          begun = true;
          if (first && head.offset != file.size()) {
            // It knows no ranges, or answers with another one.
            if (head.offset != 0) {
              attempt.wrong = "the server sends a range that was not asked for";
              restart();
              return false;
            }
            restart();
          }
          if (first && head.length && head.offset + *head.length != content.bytes) {
            const std::uint64_t all = head.offset + *head.length;
            attempt.wrong = "the server has " + std::to_string(all) +
                            " bytes where the pointer says " + std::to_string(content.bytes);
            if (head.offset == 0 && looks_like_pointer(piece)) {
              attempt.wrong = "the server sends the Git LFS pointer instead of the content";
              attempt.final = true;
            }
            restart();
            return false;
          }
          if (file.size() + piece.size() > content.bytes) {
            attempt.wrong = "the server sends more than the " + std::to_string(content.bytes) +
                            " bytes the pointer says";
            restart();
            return false;
          }
          if (first && head.offset == 0 && looks_like_pointer(piece) &&
              content.bytes > most_pointer_bytes) {
            attempt.wrong = "the server sends the Git LFS pointer instead of the content";
            attempt.final = true;
            restart();
            return false;
          }
          hash.update(piece);
          if (auto done = file.append(piece); !done) {
            broken = done.error();
            return false;
          }
          count(static_cast<std::int64_t>(piece.size()));
          return true;
        });
  }
  if (!broken.empty()) {
    attempt.wrong = broken;
    attempt.final = true;
    return attempt;
  }
  // What was thrown away and came again is no progress.
  attempt.got = file.size() > most_held_ ? file.size() - most_held_ : 0;
  most_held_ = std::max(most_held_, file.size());
  // The server has less than what is held: what is held cannot be right.
  if (attempt.answer.status == 416) {
    restart();
    attempt.wrong = "the server knows no such range";
    return attempt;
  }
  if (file.size() < content.bytes) {
    if (attempt.answer.whole() && attempt.wrong.empty() &&
        (attempt.answer.status == 200 || attempt.answer.status == 206)) {
      attempt.wrong = "the content ends after " + std::to_string(file.size()) + " of " +
                      std::to_string(content.bytes) + " bytes";
    }
    return attempt;
  }
  const std::string sha256 = hash.finish_hex();
  if (sha256 == content.sha256) {
    attempt.done = true;
    return attempt;
  }
  // Once may be a torn partial file of an earlier run; what came whole twice and wrong stays wrong.
  attempt.wrong =
      "the content has the sha256 " + sha256 + " where the pointer says " + content.sha256;
  attempt.final = ++bad_hashes_ >= 2;
  attempt.got = 0;
  restart();
  if (!broken.empty()) attempt.final = true;
  return attempt;
}

Outcome Downloader::unknown(const std::string& url, const std::string& name, Content& content) {
  auto file = store_.open_partial(base::sha256_hex(name) + ".file", [this] { return stopped(); });
  if (!file) return {FetchState::failed, file.error()};
  if (!*file) return {FetchState::interrupted, "interrupted"};
  const std::uint64_t most =
      std::min(most_unknown_bytes, options_.max_bytes.value_or(most_unknown_bytes));
  bool too_large = false;
  Outcome out = persist(url, [&] {
    Attempt attempt;
    base::Sha256 hash;
    std::string broken;
    bool page = false;
    if (auto done = (*file)->truncate(); !done) broken = done.error();
    attempt.answer = client_->get(url, 0, [&](const HttpClient::Head&, std::string_view piece) {
      page = page || ((*file)->size() == 0 && looks_like_page(piece));
      too_large = (*file)->size() + piece.size() > most;
      if (too_large) return false;
      hash.update(piece);
      if (broken.empty()) {
        if (auto done = (*file)->append(piece); !done) broken = done.error();
      }
      if (broken.empty()) count(static_cast<std::int64_t>(piece.size()));
      return broken.empty();
    });
    if (!broken.empty()) {
      attempt.wrong = broken;
      attempt.final = true;
    } else if (too_large) {
      attempt.wrong = "the file has more than " + std::to_string(most) + " bytes";
      attempt.final = true;
      count(-static_cast<std::int64_t>((*file)->size()));
    } else if (page) {
      attempt.wrong = page_sentence;
    } else if (attempt.answer.whole() && attempt.answer.status == 200) {
      content = {hash.finish_hex(), (*file)->size()};
      attempt.done = true;
    } else {
      count(-static_cast<std::int64_t>((*file)->size()));
    }
    return attempt;
  });
  if (out.state != FetchState::fetched) {
    (*file)->remove();
    if (too_large && options_.max_bytes) out.state = FetchState::too_large;
    return out;
  }
  if (auto done = store_.publish(std::move(*file), content); !done)
    return {FetchState::failed, done.error()};
  return out;
}

}  // namespace escudo::replay
