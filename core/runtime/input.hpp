#pragma once
// Input: the files behind the paths a user gave, as pieces that several threads may read, and the
// summary of what became of them. What scan and dump share.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.hpp"
#include "event/event.hpp"
#include "sinks/sink.hpp"
#include "sources/source.hpp"

namespace escudo::runtime {

struct EventFilter {                    // --from, --to, --channel, --event-id
  std::optional<base::Time> from, to;   // [from, to)
  std::vector<std::string> channels;    // without case, '*' allowed
  std::vector<std::int32_t> event_ids;
  bool passes(const event::Event& event) const;
  bool passes_kind(const event::Event& event) const;   // all but the time
  bool empty() const { return !from && !to && channels.empty() && event_ids.empty(); }
};

// The files behind the paths, folders walked in sorted order. `named` is true for what the user named
// itself: only there an unknown format is a complaint.
struct InputFile {
  std::string path;
  bool named = true;
  std::uint64_t bytes = 0;
};
std::vector<InputFile> input_files(const std::vector<std::string>& paths, std::vector<std::string>& problems);

// A file, or a part of a large one.
struct InputPiece {
  std::size_t file = 0;      // index into the files
  sources::FilePart part;
  bool last = true;          // of its file
};
// In order. Several pieces of one file only where several threads have use for them.
std::vector<InputPiece> input_pieces(const std::vector<InputFile>& files, const sources::OpenOptions& options, unsigned threads);

// Opens piece after piece for one thread; pieces of one file share a source.
class PieceReader {
 public:
  PieceReader(const std::vector<InputFile>& files, sources::OpenOptions options)
      : files_(files), options_(std::move(options)) {}
  sources::Source& open(const InputPiece& piece);
  // Changes the options for one file, before it is opened.
  std::function<void(const std::string& path, sources::OpenOptions& options)> prepare;

 private:
  const std::vector<InputFile>& files_;
  sources::OpenOptions options_;
  std::unique_ptr<sources::Source> source_;
  std::size_t file_ = SIZE_MAX;
};

// Reports of pieces, joined to those of files.
class Reports {
 public:
  explicit Reports(sinks::RunSummary& summary) : summary_(summary) {}
  void add(const InputPiece& piece, const InputFile& file, std::vector<sources::FileReport> reports);

 private:
  void account(const sources::FileReport& report, bool named);
  sinks::RunSummary& summary_;
  std::vector<sources::FileReport> open_;   // of the file whose pieces are coming
};

}  // namespace escudo::runtime
