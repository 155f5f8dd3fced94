// Tested by tests/unit/runtime and by the case that scans a dump again.
#include "runtime/dump.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

#include "runtime/lanes.hpp"
#include "sources/demand.hpp"

namespace escudo::runtime {
namespace {

constexpr std::size_t kEnough = 256 * 1024;             // written at once
constexpr std::size_t kMostWaiting = 32u << 20;         // bytes that wait for their turn
constexpr std::size_t kAheadEachThread = 4;
constexpr std::size_t kMostSpares = 32;

struct Text {
  std::string bytes;
  std::uint64_t events = 0;

  void clear() {
    bytes.clear();
    events = 0;
  }
};

// Texts that were written, to be filled again: fresh memory costs more than what is copied into it.
class Spares {
 public:
  Text take() {
    std::lock_guard lock(mutex_);
    if (texts_.empty()) return {};
    Text text = std::move(texts_.back());
    texts_.pop_back();
    return text;
  }
  void give(Text text) {
    if (text.bytes.capacity() > 4 * kEnough) return;
    text.clear();
    std::lock_guard lock(mutex_);
    if (texts_.size() < kMostSpares) texts_.push_back(std::move(text));
  }

 private:
  std::mutex mutex_;
  std::vector<Text> texts_;
};

class DumpDemand final : public sources::Demand {
 public:
  // The text of an event may be all that is looked at.
  DumpDemand(const EventFilter& filter, bool text_alone) : filter_(filter), text_alone_(text_alone) {}
  bool takes_every_kind() const override { return filter_.empty(); }
  Interest interest(const event::Event& header) override {
    return filter_.passes_kind(header) ? Interest::event : Interest::none;
  }
  Columns columns(const event::Event& shape) override {
    Columns columns;
    columns.raw = true;
    columns.members = !text_alone_ || !filter_.empty();
    columns.interest = interest(shape);
    return columns;
  }

 private:
  const EventFilter& filter_;
  const bool text_alone_;
};

// All of a source, in texts of about kEnough: calls `enough` with each, which leaves it empty.
template <class Enough>
void dump_source(sources::Source& source, const DumpOptions& options, event::Batch& batch, Text& text, Enough enough) {
  while (!(options.stop && options.stop->load(std::memory_order_relaxed)) && source.next(batch)) {
    for (const event::Event& event : batch.events) {
      if (!options.filter.passes(event)) continue;
      options.format->append(event, text.bytes);
      ++text.events;
    }
    if (text.bytes.size() >= kEnough) enough(text);
  }
  enough(text);
}

}  // namespace

DumpResult dump(const DumpOptions& options, sinks::Output& out) {
  DumpResult result;
  std::vector<std::string> problems;
  const std::vector<InputFile> files = input_files(options.paths, problems);
  for (const std::string& problem : problems) options.warn(problem);
  result.summary.files_unreadable = problems.size();

  sources::OpenOptions open = options.open;
  open.from = options.filter.from;
  open.to = options.filter.to;
  const bool as_json = options.format->name == "jsonl";
  if (as_json) open.raw = sources::RawText::json;
  const std::vector<InputPiece> pieces = input_pieces(files, open, options.threads);
  const unsigned n = std::max(1u, std::min<unsigned>(options.threads, static_cast<unsigned>(pieces.size())));
  const auto stopped = [&] { return options.stop && options.stop->load(std::memory_order_relaxed); };
  Reports joined(result.summary);
  // The native reader writes the text of an event itself; of the others all columns are needed.
  const auto make_reader = [&] {
    sources::OpenOptions own = open;
    if (own.evtx == sources::EvtxReader::native) own.demand = std::make_shared<DumpDemand>(options.filter, as_json);
    return PieceReader(files, own);
  };
  const auto write = [&](const Text& text) {
    out.write(text.bytes);
    result.events += text.events;
  };
  out.write(options.format->begin);
  if (n == 1) {
    PieceReader reader = make_reader();
    event::Batch batch;
    Text text;
    for (const InputPiece& piece : pieces) {
      std::vector<sources::FileReport> reports;
      if (!stopped()) {
        sources::Source& source = reader.open(piece);
        dump_source(source, options, batch, text, [&](Text& full) { write(full), full.clear(); });
        reports = source.reports();
      }
      joined.add(piece, files[piece.file], std::move(reports));
    }
  } else {
    Lanes<Text> lanes(pieces.size(), kAheadEachThread * n, kMostWaiting, options.stop);
    Spares spares;
    std::vector<std::vector<sources::FileReport>> reports(pieces.size());
    const auto work = [&] {
      PieceReader reader = make_reader();
      event::Batch batch;
      while (const auto k = lanes.take()) {
        sources::Source& source = reader.open(pieces[*k]);
        Text text = spares.take();
        dump_source(source, options, batch, text, [&](Text& full) {
          const std::size_t cost = full.bytes.size();
          lanes.put(*k, std::move(full), cost);
          full = spares.take();
        });
        reports[*k] = source.reports();
        lanes.close(*k);
      }
    };
    std::vector<std::thread> threads;
    for (unsigned k = 0; k < n; ++k) threads.emplace_back(work);
    std::vector<Text> texts;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      while (lanes.get(k, texts))
        for (Text& text : texts) {
          write(text);
          spares.give(std::move(text));
        }
      joined.add(pieces[k], files[pieces[k].file], std::move(reports[k]));
    }
    for (std::thread& thread : threads) thread.join();
  }
  out.write(options.format->end);
  result.summary.interrupted = stopped();
  return result;
}

DumpResult each_event(const DumpOptions& options, const std::function<void(const event::Event&)>& take) {
  DumpResult result;
  std::vector<std::string> problems;
  const std::vector<InputFile> files = input_files(options.paths, problems);
  for (const std::string& problem : problems) options.warn(problem);
  result.summary.files_unreadable = problems.size();
  Reports joined(result.summary);
  PieceReader reader(files, options.open);
  event::Batch batch;
  const auto stopped = [&] { return options.stop && options.stop->load(std::memory_order_relaxed); };
  for (const InputPiece& piece : input_pieces(files, options.open, 1)) {
    if (stopped()) break;
    sources::Source& source = reader.open(piece);
    while (!stopped() && source.next(batch))
      for (const event::Event& event : batch.events) {
        if (!options.filter.passes(event)) continue;
        take(event);
        ++result.events;
      }
    joined.add(piece, files[piece.file], source.reports());
  }
  result.summary.interrupted = stopped();
  return result;
}

}  // namespace escudo::runtime
