#include "runtime/scan.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "detect/run.hpp"
#include "risk/entities.hpp"
#include "runtime/lanes.hpp"
#include "runtime/rule_demand.hpp"

namespace escudo::runtime {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostWaiting = 48u << 20;  // bytes of matches that wait for their turn
// A file or part that waits holds little but its rows; small ones are finished long before their turn.
constexpr std::size_t kAheadEachThread = 16;

std::size_t cost_of(const detect::Matches& matches) {
  std::size_t cost = sizeof matches + matches.fields.capacity();
  cost += matches.rows.capacity() * sizeof(detect::MatchedRow);
  cost += matches.records.capacity() * sizeof(detect::MatchedRecord);
  for (const detect::MatchedRecord& record : matches.records) cost += record.channel.capacity();
  return cost;
}

// How far a piece has come.
struct Gauge {
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
    pieces_ = input_pieces(files_, options_.open, options_.threads);
    gauges_ = std::vector<Gauge>(pieces_.size());
    reports_.resize(pieces_.size());
    const unsigned n = std::max(1u, std::min<unsigned>(options_.threads, static_cast<unsigned>(pieces_.size())));
    lanes_.emplace(pieces_.size(), kAheadEachThread * n, kMostWaiting, hooks_.stop);
    std::vector<std::thread> threads;
    for (unsigned k = 0; k < n; ++k) threads.emplace_back([this] { read_pieces(); });
    Reports reports(result_.summary);
    std::vector<detect::Matches> matches;
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      while (lanes_->get(k, matches)) {
        for (detect::Matches& m : matches) run_.feed(std::move(m));
        report_progress(pieces_[k].file);
      }
      reports.add(pieces_[k], files_[pieces_[k].file], std::move(reports_[k]));
    }
    for (std::thread& t : threads) t.join();
    result_.findings = run_.finish();
    for (const std::string& warning : run_.warnings()) warn(warning);
    sinks::RunSummary& s = result_.summary;
    s.findings = result_.findings.size();
    s.interrupted = stopped();
    s.rows_lost = run_.rows_lost();
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

  void read_pieces() {
    detect::Matcher matcher(*knowledge_.book);
    sources::OpenOptions open = options_.open;
    open.from = options_.filter.from;
    open.to = options_.filter.to;
    open.demand = std::make_shared<RuleDemand>(*knowledge_.book, options_.filter, open);
    PieceReader reader(files_, open);
    if (options_.prepare) {
      reader.prepare = [this](const std::string& path, sources::OpenOptions& of_file) {
        options_.prepare(path, of_file);
        // What a rule wants depends on what Splunk would call the source.
        of_file.demand = std::make_shared<RuleDemand>(*knowledge_.book, options_.filter, of_file);
      };
    }
    event::Batch batch;
    while (const auto k = lanes_->take()) {
      Gauge& gauge = gauges_[*k];
      sources::Source& source = reader.open(pieces_[*k]);
      const std::uint64_t bytes_before = source.bytes_read();
      while (!stopped() && source.next(batch)) {
        gauge.records += batch.events.size();
        gauge.bytes = source.bytes_read() - bytes_before;
        if (!options_.filter.empty())
          std::erase_if(batch.events, [&](const event::Event& e) { return !options_.filter.passes(e); });
        detect::Matches matches = matcher.match(batch);
        const std::size_t cost = cost_of(matches);
        lanes_->put(*k, std::move(matches), cost);
      }
      if (const auto latest = source.latest_passed_over()) {
        detect::Matches matches;
        matches.last_time = *latest;
        matches.has_time = true;
        lanes_->put(*k, std::move(matches), sizeof matches);
      }
      gauge.bytes = source.bytes_read() - bytes_before;
      reports_[*k] = source.reports();
      lanes_->close(*k);
    }
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
    for (const InputFile& file : files_) p.bytes_total += file.bytes;
    for (const Gauge& gauge : gauges_) {
      p.bytes_done += gauge.bytes;
      p.records += gauge.records;
    }
    hooks_.progress(p);
  }

  const Knowledge& knowledge_;
  const ScanOptions& options_;
  const ScanHooks& hooks_;
  detect::Run run_;
  std::vector<InputFile> files_;
  std::vector<InputPiece> pieces_;
  std::vector<Gauge> gauges_;                              // one a piece
  std::vector<std::vector<sources::FileReport>> reports_;  // one a piece, written before it is closed
  std::optional<Lanes<detect::Matches>> lanes_;
  Clock::time_point last_progress_{};
  ScanResult result_;
};

}  // namespace

ScanResult scan(const Knowledge& knowledge, const ScanOptions& options, const ScanHooks& hooks) {
  return Scanner(knowledge, options, hooks).scan();
}

}  // namespace escudo::runtime
