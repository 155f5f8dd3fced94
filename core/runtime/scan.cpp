#include "runtime/scan.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/files.hpp"
#include "base/wildcard.hpp"
#include "detect/run.hpp"
#include "risk/entities.hpp"

namespace escudo::runtime {
namespace {

using Clock = std::chrono::steady_clock;

// Rows a file may hold while it waits for its turn: some 50 MB at 1 KB a row.
constexpr std::size_t kAheadRows = 50'000;

// One file on its way: filled by a reader thread, emptied by the calling thread.
struct Lane {
  std::deque<detect::Matches> ready;
  std::size_t rows = 0;
  bool done = false;
  std::vector<sources::FileReport> reports;
  std::atomic<std::uint64_t> bytes{0}, records{0};
};

class Scanner {
 public:
  Scanner(const Knowledge& knowledge, const ScanOptions& options, const ScanHooks& hooks)
      : knowledge_(knowledge), options_(options), hooks_(hooks), run_(*knowledge.book, options.now) {}

  ScanResult scan() {
    const auto begin = Clock::now();
    std::vector<std::string> problems;
    files_ = input_files(options_.paths, problems);
    for (const std::string& problem : problems) unreadable(problem);
    lanes_ = std::vector<Lane>(files_.size());
    const unsigned n = std::max(1u, std::min<unsigned>(options_.threads, static_cast<unsigned>(files_.size())));
    std::vector<std::thread> threads;
    for (unsigned k = 0; k < n; ++k) threads.emplace_back([this] { read_files(); });
    for (std::size_t k = 0; k < files_.size(); ++k) consume(k);
    for (std::thread& t : threads) t.join();
    result_.findings = run_.finish();
    for (const std::string& warning : run_.warnings()) warn(warning);
    sinks::RunSummary& s = result_.summary;
    s.findings = result_.findings.size();
    s.interrupted = stopped();
    risk::EntityTotals totals;
    for (const findings::Finding& finding : result_.findings) totals.add(finding);
    for (risk::EntityRisk& e : totals.ranked()) s.risk.push_back({std::move(e.type), std::move(e.value), e.score, e.findings});
    s.rules = knowledge_.book->rules().size() + knowledge_.rule_set.failed_paths.size();
    s.rules_invalid = knowledge_.count(detect::Status::invalid) + knowledge_.rule_set.failed_paths.size();
    s.rules_unsupported = knowledge_.count(detect::Status::unsupported);
    s.rules_partly = knowledge_.count(detect::Status::partly);
    s.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return std::move(result_);
  }

 private:
  bool stopped() const { return hooks_.stop && hooks_.stop->load(std::memory_order_relaxed); }
  void warn(const std::string& text) const {
    if (hooks_.warn) hooks_.warn(text);
  }

  void read_files() {
    detect::Matcher matcher(*knowledge_.book);
    event::Batch batch;
    for (;;) {
      const std::size_t k = next_.fetch_add(1);
      if (k >= files_.size()) return;
      Lane& lane = lanes_[k];
      if (!stopped()) {
        auto source = sources::open(files_[k].path, options_.open);
        while (!stopped() && source->next(batch)) {
          lane.records += batch.events.size();
          lane.bytes = source->bytes_read();
          if (!options_.filter.empty())
            std::erase_if(batch.events, [&](const event::Event& e) { return !options_.filter.passes(e); });
          deliver(lane, k, matcher.match(batch));
        }
        lane.bytes = source->bytes_read();
        lane.reports = source->reports();
      }
      std::lock_guard lock(mutex_);
      lane.done = true;
      changed_.notify_all();
    }
  }

  void deliver(Lane& lane, std::size_t k, detect::Matches matches) {
    std::unique_lock lock(mutex_);
    // Only files ahead of their turn wait: the one whose turn it is always goes on.
    changed_.wait(lock, [&] { return lane.rows < kAheadRows || turn_ == k || stopped(); });
    lane.rows += matches.rows.size();
    lane.ready.push_back(std::move(matches));
    changed_.notify_all();
  }

  void consume(std::size_t k) {
    Lane& lane = lanes_[k];
    std::unique_lock lock(mutex_);
    turn_ = k;
    changed_.notify_all();
    for (;;) {
      changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return !lane.ready.empty() || lane.done; });
      std::deque<detect::Matches> ready = std::move(lane.ready);
      lane.ready.clear();
      lane.rows = 0;
      const bool done = lane.done;
      lock.unlock();
      for (detect::Matches& m : ready) run_.feed(std::move(m));
      report_progress(k);
      lock.lock();
      if (done && lane.ready.empty()) break;
    }
    lock.unlock();
    for (const sources::FileReport& report : lane.reports) account(report, files_[k].named);
    lane.reports.clear();
  }

  void account(const sources::FileReport& report, bool named) {
    sinks::RunSummary& s = result_.summary;
    using State = sources::FileReport::State;
    // A stray README in a folder is passed over; a file the user named is not.
    if (report.state == State::not_a_log && !named) {
      ++s.files_skipped;
      return;
    }
    sinks::FileSummary file{report.path, report.records, report.damaged, report.recovered, report.format, report.reasons};
    ++s.files_total;
    s.records += report.records;
    s.damaged += report.damaged;
    s.bytes += report.bytes;
    if (report.state != State::read) {
      ++s.files_unreadable;
      if (file.reasons.empty()) file.reasons.push_back("in no format Escudo knows; docs/formats.md lists them");
    }
    s.files.push_back(std::move(file));
  }

  void unreadable(const std::string& problem) {
    ++result_.summary.files_total;
    ++result_.summary.files_unreadable;
    warn(problem);
  }

  void report_progress(std::size_t k) {
    if (!hooks_.progress) return;
    const auto now = Clock::now();
    if (now - last_progress_ < std::chrono::milliseconds(100)) return;
    last_progress_ = now;
    Progress p;
    p.files_done = k;
    p.files_total = files_.size();
    for (std::size_t i = 0; i < files_.size(); ++i) {
      p.bytes_total += files_[i].bytes;
      p.bytes_done += lanes_[i].bytes;
      p.records += lanes_[i].records;
    }
    hooks_.progress(p);
  }

  const Knowledge& knowledge_;
  const ScanOptions& options_;
  const ScanHooks& hooks_;
  detect::Run run_;
  std::vector<InputFile> files_;
  std::vector<Lane> lanes_;
  std::atomic<std::size_t> next_{0};
  std::size_t turn_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  Clock::time_point last_progress_{};
  ScanResult result_;
};

}  // namespace

bool EventFilter::passes(const event::Event& event) const {
  if ((from || to) && !event.has_time) return false;
  if (from && event.time < *from) return false;
  if (to && event.time >= *to) return false;
  if (!event_ids.empty() && std::find(event_ids.begin(), event_ids.end(), event.event_id) == event_ids.end()) return false;
  if (channels.empty()) return true;
  return std::any_of(channels.begin(), channels.end(),
                     [&](const std::string& c) { return base::WildcardPattern(c).matches(event.channel); });
}

std::vector<InputFile> input_files(const std::vector<std::string>& paths, std::vector<std::string>& problems) {
  std::vector<InputFile> out;
  for (const std::string& path : paths) {
    if (path == "-") {
      out.push_back({path, true, 0});
    } else if (base::is_folder(path)) {
      for (std::string& file : base::files_under(path, problems)) {
        const std::uint64_t bytes = base::file_size(file);
        out.push_back({std::move(file), false, bytes});
      }
    } else {
      out.push_back({path, true, base::file_size(path)});
    }
  }
  return out;
}

ScanResult scan(const Knowledge& knowledge, const ScanOptions& options, const ScanHooks& hooks) {
  return Scanner(knowledge, options, hooks).scan();
}

}  // namespace escudo::runtime
