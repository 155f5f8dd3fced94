#pragma once
// Download: one content into the store, or one pointer. Private to replay.
//
// Threads: one Downloader a thread.

#include "replay/fetch.hpp"
#include "replay/http.hpp"

namespace escudo::replay {

struct Outcome {
  FetchState state = FetchState::failed;
  std::string reason;
};

// What the address in Git gives: a pointer, or the content itself (`content` stays empty then).
struct Pointer {
  Outcome outcome;  // state fetched: asked and understood
  std::optional<Content> content;
  std::optional<std::uint64_t> bytes;  // of a file that is no pointer
};

class Downloader {
 public:
  Downloader(const Store& store, const FetchOptions& options, const std::atomic<bool>* stop,
             std::atomic<std::uint64_t>& bytes_done);

  Pointer pointer(const std::string& url);
  Outcome content(const std::string& url, const Content& content);
  // A file whose hash nobody told; `content` is what came.
  Outcome unknown(const std::string& url, const std::string& name, Content& content);

 private:
  struct Attempt {
    bool done = false;
    Answer answer;
    std::string wrong;      // what came is not what was asked for
    bool final = false;     // asking again cannot help
    std::uint64_t got = 0;  // bytes that no earlier attempt brought
  };
  // Asks until it is done, hopeless or out of retries.
  Outcome persist(const std::string& url, const std::function<Attempt()>& once);
  Attempt once(const std::string& url, const Content& content, LockedFile& file);
  bool stopped() const { return stop_ && stop_->load(); }
  void wait(double seconds) const;
  void count(std::int64_t bytes) { bytes_done_ += static_cast<std::uint64_t>(bytes); }

  const Store& store_;
  const FetchOptions& options_;
  const std::atomic<bool>* stop_;
  std::atomic<std::uint64_t>& bytes_done_;
  std::unique_ptr<HttpClient> client_;
  // Of the content that is being downloaded.
  unsigned bad_hashes_ = 0;
  std::uint64_t most_held_ = 0;
};

}  // namespace escudo::replay
