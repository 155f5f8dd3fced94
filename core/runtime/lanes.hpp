#pragma once
// Lanes: what several threads make of pieces of work, taken up by one thread in the order of the pieces.
//
// Memory is bounded: items that wait cost at most `most_waiting` in all, and nobody begins a piece that
// is more than `most_ahead` pieces ahead. The piece whose turn it is goes on as long as its own items cost
// less than a quarter of that, so nobody waits for ever. Threads: workers call take(), put() and close(), one consumer calls get() for piece after piece.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace escudo::runtime {

template <class Item>
class Lanes {
 public:
  Lanes(std::size_t pieces, std::size_t most_ahead, std::size_t most_waiting, const std::atomic<bool>* stop)
      : lanes_(pieces), most_ahead_(most_ahead), most_waiting_(most_waiting), stop_(stop) {}

  // The next piece to work on; nothing when there is none, or the run is to stop. Pieces that nobody
  // took are closed then.
  std::optional<std::size_t> take() {
    std::unique_lock lock(mutex_);
    while (next_ < lanes_.size() && next_ > turn_ + most_ahead_ && !stopped()) wait(lock);
    if (stopped())
      for (; next_ < lanes_.size(); ++next_) lanes_[next_].closed = true;
    changed_.notify_all();
    if (next_ >= lanes_.size()) return std::nullopt;
    return next_++;
  }

  void put(std::size_t piece, Item item, std::size_t cost) {
    std::unique_lock lock(mutex_);
    Lane& lane = lanes_[piece];
    const auto full = [&] {
      return turn_ == piece ? !lane.items.empty() && lane.waiting >= most_waiting_ / 4
                            : waiting_ >= most_waiting_;
    };
    while (full() && !stopped()) wait(lock);
    waiting_ += cost;
    lane.waiting += cost;
    lane.items.push_back(std::move(item));
    changed_.notify_all();
  }

  void close(std::size_t piece) {
    std::lock_guard lock(mutex_);
    lanes_[piece].closed = true;
    changed_.notify_all();
  }

  // What the piece has given since the last call, after a tenth of a second also if that is nothing.
  // False when the piece is closed and all has been given.
  bool get(std::size_t piece, std::vector<Item>& items) {
    items.clear();
    std::unique_lock lock(mutex_);
    turn_ = piece;
    changed_.notify_all();
    Lane& lane = lanes_[piece];
    if (lane.items.empty() && !lane.closed) wait(lock);
    for (Item& item : lane.items) items.push_back(std::move(item));
    lane.items.clear();
    waiting_ -= lane.waiting;
    lane.waiting = 0;
    changed_.notify_all();
    return !items.empty() || !lane.closed;
  }

 private:
  struct Lane {
    std::deque<Item> items;
    std::size_t waiting = 0;  // what they cost
    bool closed = false;
  };

  bool stopped() const { return stop_ && stop_->load(std::memory_order_relaxed); }
  void wait(std::unique_lock<std::mutex>& lock) { changed_.wait_for(lock, std::chrono::milliseconds(100)); }

  std::vector<Lane> lanes_;
  const std::size_t most_ahead_, most_waiting_;
  const std::atomic<bool>* const stop_;
  std::size_t next_ = 0, turn_ = 0, waiting_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace escudo::runtime
