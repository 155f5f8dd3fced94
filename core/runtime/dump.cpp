// Tested by tests/unit/runtime and by the case that scans a dump again.
#include "runtime/dump.hpp"

#include <algorithm>
#include <thread>

#include "runtime/lanes.hpp"
#include "sources/demand.hpp"

namespace escudo::runtime {
namespace {

constexpr std::size_t kEnough = 256 * 1024;             // written at once
constexpr std::size_t kMostWaiting = 32u << 20;         // bytes that wait for their turn
constexpr std::size_t kAheadEachThread = 4;

struct Text {
  std::string bytes;
  std::uint64_t events = 0;
};

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
  if (options.format->name == "jsonl") open.raw = sources::RawText::json;
  const std::vector<InputPiece> pieces = input_pieces(files, open, options.threads);
  std::vector<std::vector<sources::FileReport>> reports(pieces.size());
  const unsigned n = std::max(1u, std::min<unsigned>(options.threads, static_cast<unsigned>(pieces.size())));
  Lanes<Text> lanes(pieces.size(), kAheadEachThread * n, kMostWaiting, options.stop);
  const auto stopped = [&] { return options.stop && options.stop->load(std::memory_order_relaxed); };

  const auto work = [&] {
    sources::OpenOptions own = open;
    // The native reader writes the text of an event itself; of the others all columns are needed.
    if (own.evtx == sources::EvtxReader::native) own.demand = sources::raw_text_only();
    PieceReader reader(files, own);
    event::Batch batch;
    while (const auto k = lanes.take()) {
      sources::Source& source = reader.open(pieces[*k]);
      Text text;
      const auto hand_over = [&] {
        const std::size_t cost = text.bytes.size();
        lanes.put(*k, std::move(text), cost);
        text = {};
      };
      while (!stopped() && source.next(batch)) {
        for (const event::Event& event : batch.events) {
          if (!options.filter.passes(event)) continue;
          options.format->append(event, text.bytes);
          ++text.events;
        }
        if (text.bytes.size() >= kEnough) hand_over();
      }
      hand_over();
      reports[*k] = source.reports();
      lanes.close(*k);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned k = 0; k < n; ++k) threads.emplace_back(work);

  out.write(options.format->begin);
  Reports joined(result.summary);
  std::vector<Text> texts;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    while (lanes.get(k, texts))
      for (const Text& text : texts) {
        out.write(text.bytes);
        result.events += text.events;
      }
    joined.add(pieces[k], files[pieces[k].file], std::move(reports[k]));
  }
  for (std::thread& thread : threads) thread.join();
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
