// Tested by tests/unit/sinks/spooled.cpp.

#include "sinks/live/spooled.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "base/hash.hpp"
#include "sinks/live/kinds.hpp"
#include "sinks/live/spool.hpp"

namespace escudo::sinks {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds last_moment{3000};

class SpooledSink final : public LiveSink {
 public:
  SpooledSink(std::unique_ptr<Delivery> delivery, SpooledOptions options, std::unique_ptr<Spool> spool,
              std::unique_ptr<SpoolFile> refused)
      : delivery_(std::move(delivery)), options_(std::move(options)), spool_(std::move(spool)),
        refused_(std::move(refused)), batch_bytes_(options_.batch_bytes) {}

  // What is committed has a moment to leave, unless the destination is in trouble; the rest waits for
  // the next run.
  ~SpooledSink() override {
    if (thread_.joinable()) {
      std::unique_lock lock(mutex_);
      room_.wait_for(lock, last_moment, [&] { return !trouble_.empty() || spool_->sent() >= may_send_; });
    }
    {
      // Under the lock: the sender must not look between the flag and its sleep.
      const std::scoped_lock lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  base::Result<void> resume(std::string_view state) override {
    std::uint64_t position = 0;
    const auto [end, error] = std::from_chars(state.data(), state.data() + state.size(), position);
    if (!state.empty() && (error != std::errc() || end != state.data() + state.size())) {
      return base::Error{"the state kept for " + options_.name + " is damaged"};
    }
    if (auto cut = spool_->cut(position); !cut) return cut;
    may_send_ = spool_->end();
    if (spool_->damaged() > 0) {
      set_trouble(std::to_string(spool_->damaged()) + " bytes of " + options_.folder + " were damaged");
    }
    thread_ = std::thread([this] { send_all(); });
    return {};
  }

  void add(const findings::Finding& finding) override {
    ++findings_;
    for (std::string& record : delivery_->encode(finding)) queued_.push_back(std::move(record));
  }
  void add(const Notice& notice) override {
    for (std::string& record : delivery_->encode(notice)) queued_.push_back(std::move(record));
  }

  base::Result<bool> settle(milliseconds wait) override {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (!queued_.empty()) {
      auto done = spool_->append(queued_.front());
      if (!done) return failed(done.error(), wait);
      unsynced_ = unsynced_ || *done;
      if (*done) {
        queued_.pop_front();
        ++appended_;
        continue;
      }
      // Full of what the run has not committed yet, which waits for this very room: only then is it
      // sent before the commit, and might be twice after a kill.
      if (spool_->sent() >= may_send_) {
        if (auto synced = spool_->sync(); !synced) return failed(synced.error(), wait);
        {
          const std::scoped_lock lock(mutex_);
          may_send_ = spool_->end();
        }
        wake_.notify_all();
      }
      std::unique_lock lock(mutex_);
      const std::uint64_t sent = spool_->sent();
      if (!room_.wait_until(lock, deadline, [&] { return stop_ || spool_->sent() != sent; })) return false;
    }
    if (unsynced_) {
      if (auto synced = spool_->sync(); !synced) return failed(synced.error(), wait);
      unsynced_ = false;
    }
    if (disk_trouble_) set_trouble("");
    disk_trouble_ = false;
    return true;
  }

  std::string state() const override {
    asked_ = spool_->end();
    return std::to_string(asked_);
  }

  void committed() override {
    {
      const std::scoped_lock lock(mutex_);
      may_send_ = std::max<std::uint64_t>(may_send_, asked_);
    }
    wake_.notify_all();
  }

  SinkReport report() const override {
    const std::scoped_lock lock(mutex_);
    SinkReport out;
    out.name = options_.name;
    out.findings = findings_;
    out.waiting = queued_.size() + (appended_ - std::min<std::uint64_t>(appended_, delivered_));
    if (out.waiting == 0 && spool_->sent() < spool_->end()) out.waiting = 1;  // left by an earlier run
    out.spool_bytes = spool_->end() - spool_->sent();
    out.retries = retries_;
    out.trouble = trouble_;
    return out;
  }

 private:
  base::Error failed(const std::string& why, milliseconds wait) {
    disk_trouble_ = true;
    set_trouble(why);
    std::this_thread::sleep_for(wait);
    return {why};
  }

  void set_trouble(std::string why) {
    const std::scoped_lock lock(mutex_);
    trouble_ = std::move(why);
  }

  // Waits from `least` to `most`, or for the end: many senders must not come back at one moment.
  void back_off(milliseconds least, milliseconds most) {
    const auto time = milliseconds(std::uniform_int_distribution<long long>(least.count(), most.count())(random_));
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, time, [&] { return stop_.load(); });
  }

  void send_all() {
    milliseconds pause = options_.retry_first;
    while (!stop_) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return stop_ || spool_->sent() < may_send_; });
      }
      if (stop_) return;
      auto batch = spool_->read(may_send_, batch_bytes_, options_.batch_records);
      if (!batch || batch->empty()) {
        if (!batch) set_trouble(batch.error());
        back_off(options_.retry_most / 2, options_.retry_most);
        continue;
      }
      if (send(*batch, pause)) pause = options_.retry_first;
    }
  }

  // True when something was delivered or set aside.
  bool send(const std::vector<Spool::Record>& batch, milliseconds& pause) {
    std::vector<std::string_view> records;
    for (const Spool::Record& record : batch) records.push_back(record.bytes);
    const Delivery::Outcome outcome = delivery_->deliver(records, stop_);
    std::size_t done = std::min(outcome.delivered, batch.size());
    std::string trouble = outcome.trouble;
    bool set_aside = false;
    if (outcome.refused && done < batch.size()) {
      auto written = refused_->append(std::string(batch[done].bytes) + '\n');
      if (written) written = refused_->sync();
      if (written) {
        ++done;
        set_aside = true;
        trouble = "refused and kept in " + options_.folder + "/refused: " + trouble;
      } else {
        trouble = written.error();
      }
    }
    if (outcome.too_large && batch.size() > 1) {
      batch_bytes_ = std::max<std::uint64_t>(1, std::min(batch_bytes_, size_of(batch)) / 2);
    }
    // A limit that was met once need not be there for ever; one that is costs a batch in four.
    if (outcome.delivered == batch.size()) batch_bytes_ = std::min(batch_bytes_ + batch_bytes_ / 4 + 1, options_.batch_bytes);
    if (done > 0) {
      if (auto marked = spool_->mark_sent(batch[done - 1].end); !marked) trouble = marked.error();
      const std::scoped_lock lock(mutex_);
      delivered_ += done;
    }
    {
      const std::scoped_lock lock(mutex_);
      if (!trouble.empty() || (!disk_trouble_ && done == batch.size())) trouble_ = trouble;
    }
    room_.notify_all();
    const bool progress = done > 0 || (outcome.too_large && batch.size() > 1);
    if (outcome.trouble.empty() || set_aside || progress || stop_) return progress;
    {
      const std::scoped_lock lock(mutex_);
      ++retries_;
    }
    if (outcome.wait.count() > 0) {
      back_off(outcome.wait, outcome.wait + outcome.wait / 4);
    } else {
      back_off(pause / 2, pause);
    }
    pause = std::min(pause * 2, options_.retry_most);
    return false;
  }

  static std::uint64_t size_of(const std::vector<Spool::Record>& batch) {
    std::uint64_t out = 0;
    for (const Spool::Record& record : batch) out += record.bytes.size();
    return out;
  }

  const std::unique_ptr<Delivery> delivery_;
  const SpooledOptions options_;
  const std::unique_ptr<Spool> spool_;
  const std::unique_ptr<SpoolFile> refused_;
  std::deque<std::string> queued_;  // added, not yet in the spool
  bool unsynced_ = false;
  std::atomic<bool> disk_trouble_ = false;
  mutable std::uint64_t asked_ = 0;
  std::uint64_t findings_ = 0, appended_ = 0;
  std::uint64_t batch_bytes_;  // of the sender, as is
  std::minstd_rand random_{std::random_device{}()};

  mutable std::mutex mutex_;  // what follows, and the two conditions
  std::condition_variable wake_, room_;
  std::atomic<std::uint64_t> may_send_ = 0;
  std::atomic<bool> stop_ = false;
  std::uint64_t delivered_ = 0, retries_ = 0;
  std::string trouble_;
  std::thread thread_;
};

}  // namespace

base::Result<SpooledOptions> spooled_options(base::Spec& spec, const LiveSinkOptions& options) {
  SpooledOptions out;
  out.name = sink_name(spec);
  // What tells it from another sink with the same target: each has a spool and a state of its own.
  if (const std::string own = spec.text("name", ""); !own.empty()) out.name += "#" + own;
  if (options.state_folder.empty()) return base::Error{"it needs --state DIR, where its spool lies"};
  out.folder = options.state_folder + "/spool-" + base::sha256_hex(out.name).substr(0, 16);
  auto spool = spec.number("spool", out.spool_bytes, 64 << 10, 1ull << 50);
  if (!spool) return base::Error{spool.error()};
  auto batch = spec.number("batch", out.batch_bytes, 1, 64 << 20);
  if (!batch) return base::Error{batch.error()};
  auto retry = spec.number("retry", 30'000, 10, 3'600'000);
  if (!retry) return base::Error{retry.error()};
  out.spool_bytes = *spool;
  out.batch_bytes = *batch;
  out.retry_most = milliseconds(*retry);
  out.retry_first = std::min(out.retry_first, out.retry_most);
  return out;
}

base::Result<std::unique_ptr<LiveSink>> make_spooled(std::unique_ptr<Delivery> delivery,
                                                     const SpooledOptions& options) {
  Spool::Limits limits;
  limits.bytes = options.spool_bytes;
  limits.segment_bytes = std::clamp<std::uint64_t>(limits.bytes / 8, 16 << 10, 8 << 20);
  auto spool = Spool::open(options.folder, limits);
  if (!spool) return base::Error{spool.error()};
  auto refused = SpoolFile::open(options.folder + "/refused");
  if (!refused) return base::Error{refused.error()};
  return std::unique_ptr<LiveSink>(
      std::make_unique<SpooledSink>(std::move(delivery), options, std::move(*spool), std::move(*refused)));
}

}  // namespace escudo::sinks
