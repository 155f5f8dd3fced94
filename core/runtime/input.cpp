// Tested by tests/unit/runtime.
#include "runtime/input.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/wildcard.hpp"

namespace escudo::runtime {
namespace {

constexpr std::uint64_t kPieceBytes = 8u << 20;
constexpr unsigned kMostPieces = 65'536;

}  // namespace

bool EventFilter::passes(const event::Event& event) const {
  if ((from || to) && !event.has_time) return false;
  if (from && event.time < *from) return false;
  if (to && event.time >= *to) return false;
  return passes_kind(event);
}

bool EventFilter::passes_kind(const event::Event& event) const {
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

std::vector<InputPiece> input_pieces(const std::vector<InputFile>& files, const sources::OpenOptions& options, unsigned threads) {
  std::vector<InputPiece> out;
  for (std::size_t k = 0; k < files.size(); ++k) {
    std::vector<sources::FilePart> parts{sources::FilePart{}};
    const std::uint64_t most = std::min<std::uint64_t>(files[k].bytes / kPieceBytes, kMostPieces);
    if (threads > 1 && most > 1) parts = sources::parts_of(files[k].path, options, static_cast<unsigned>(most));
    for (std::size_t i = 0; i < parts.size(); ++i) out.push_back({k, parts[i], i + 1 == parts.size()});
  }
  return out;
}

sources::Source& PieceReader::open(const InputPiece& piece) {
  if (source_ && file_ == piece.file && source_->restart(piece.part)) return *source_;
  file_ = piece.file;
  options_.part = piece.part;
  if (prepare) {
    sources::OpenOptions options = options_;
    prepare(files_[file_].path, options);
    source_ = sources::open(files_[file_].path, options);
  } else {
    source_ = sources::open(files_[file_].path, options_);
  }
  return *source_;
}

void Reports::add(const InputPiece& piece, const InputFile& file, std::vector<sources::FileReport> reports) {
  if (open_.empty()) {
    open_ = std::move(reports);
  } else {
    // Only files of one report have several pieces.
    for (sources::FileReport& report : reports) open_.front().join(std::move(report));
  }
  if (!piece.last) return;
  for (const sources::FileReport& report : open_) account(report, file.named);
  open_.clear();
}

void Reports::account(const sources::FileReport& report, bool named) {
  using State = sources::FileReport::State;
  // A stray README in a folder is passed over; a file the user named is not.
  if (report.state == State::not_a_log && !named) {
    ++summary_.files_skipped;
    return;
  }
  sinks::FileSummary file{report.path, report.records, report.damaged, report.recovered, report.format, report.reasons};
  ++summary_.files_total;
  summary_.records += report.records;
  summary_.damaged += report.damaged;
  summary_.bytes += report.bytes;
  if (report.state != State::read) {
    ++summary_.files_unreadable;
    if (file.reasons.empty()) file.reasons.push_back("in no format Escudo knows; docs/formats.md lists them");
  }
  summary_.files.push_back(std::move(file));
}

}  // namespace escudo::runtime
