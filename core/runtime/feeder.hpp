#pragma once
// Feeder: the thread of one live source: polls, matches, hands the matches on. Private to runtime.
//
// Knowledge is changed between two batches only: who changes it holds pause(), and no feeder matches
// meanwhile.

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "detect/matcher.hpp"
#include "runtime/knowledge.hpp"
#include "sources/live.hpp"

namespace escudo::runtime {

// What one poll brought.
struct Delivery {
  std::size_t source = 0;
  detect::Matches matches;
  std::uint64_t events = 0;
  std::optional<std::string> position;          // none: more of the block follows
  std::vector<sources::LogNotice> notices;
  std::map<std::string, std::uint64_t> last_ids; // record ids by "channel\nhost", those that changed
  bool caught_up = false, ended = false;
  std::optional<int> part;                       // of the log, where it has several
  std::vector<int> behind;                       // parts that are not read to their end
};

// From the feeders to the run. Full: feeders wait, and their logs are the buffer.
class Deliveries {
 public:
  static constexpr std::size_t kMost = 16;   // batches a source: some 8,000 events
  void push(Delivery delivery);
  // Everything there is, waiting up to `wait` for the first.
  // With `within_block`, which tells of each source whether its last block is taken in part: only what
  // completes those blocks, so that all sources stand at the end of one.
  std::deque<Delivery> take(std::chrono::milliseconds wait, std::vector<bool> within_block = {});
  void wake();    // take() returns
  void close();   // push() waits no more, and what it is given is dropped

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Delivery> queue_;
  bool woken_ = false, closed_ = false;
};

class Feeder {
 public:
  Feeder(std::size_t index, std::unique_ptr<sources::LiveSource> source, std::shared_ptr<const Knowledge> knowledge,
         std::map<std::string, std::uint64_t> last_ids, Deliveries& to);
  ~Feeder();
  void start();
  void stop();

  std::unique_lock<std::mutex> try_pause() { return std::unique_lock(busy_, std::try_to_lock); }
  void set_knowledge(std::shared_ptr<const Knowledge> knowledge);   // while paused
  void committed(std::string position);
  sources::LiveReport report() const { return source_->report(); }

 private:
  void work();
  void check_ids(const event::Batch& batch, Delivery& delivery);

  const std::size_t index_;
  std::unique_ptr<sources::LiveSource> source_;
  std::shared_ptr<const Knowledge> knowledge_;
  std::unique_ptr<detect::Matcher> matcher_;
  std::map<std::string, std::uint64_t> last_ids_;
  Deliveries& to_;
  std::mutex busy_;
  std::mutex committed_mutex_;
  std::optional<std::string> committed_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace escudo::runtime
