#include "sources/reader.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t batch_events = 512;
constexpr std::size_t batch_bytes = 1 << 20;
constexpr std::uint64_t pause_after = 100'000;  // records passed over

class Finished final : public Source {
 public:
  Finished(FileReport report, std::shared_ptr<Progress> progress) : progress_(std::move(progress)) {
    reports_.push_back(std::move(report));
  }
  bool next(event::Batch& batch) override {
    batch.clear();
    return false;
  }
  const std::vector<FileReport>& reports() const override { return reports_; }
  std::uint64_t bytes_read() const override { return progress_->bytes(); }

 private:
  std::vector<FileReport> reports_;
  std::shared_ptr<Progress> progress_;
};

}  // namespace

void FileReport::add_damage(std::string reason) {
  ++damaged;
  if (reasons.size() < kept_reasons) reasons.push_back(std::move(reason));
}

void FileReport::add_note(std::string reason) {
  if (reasons.size() < kept_reasons) reasons.push_back(std::move(reason));
}

void FileReport::join(FileReport part) {
  if (format.empty()) format = std::move(part.format);
  if (part.state == State::unreadable) state = State::unreadable;
  records += part.records;
  recovered += part.recovered;
  damaged += part.damaged;
  bytes += part.bytes;
  for (std::string& reason : part.reasons) add_note(std::move(reason));
}

std::unique_ptr<Source> finished(FileReport report, std::shared_ptr<Progress> progress) {
  return std::make_unique<Finished>(std::move(report), std::move(progress));
}

std::unique_ptr<Source> unreadable(const std::string& path, std::string reason,
                                   std::shared_ptr<Progress> progress) {
  FileReport report;
  report.path = path;
  report.state = FileReport::State::unreadable;
  report.reasons.push_back(std::move(reason));
  return finished(std::move(report), std::move(progress));
}

Reader::Reader(const Job& job, std::string format)
    : options_(job.options), progress_(job.progress), reports_(1) {
  auto origin = std::make_shared<event::Origin>();
  origin->path = job.path;
  origin->source = job.options.source;
  origin->sourcetype = job.options.sourcetype;
  origin->host = job.options.host;
  origin_ = std::move(origin);
  report().path = job.path;
  report().kept_reasons = job.options.limits.kept_reasons;
  report().format = std::move(format);
}

bool Reader::next(event::Batch& batch) {
  do {
    batch.clear();  // what damaged records left in the arena is of no use
    batch.origin = origin_;
    taken_ = 0;
    if (!done_) done_ = !fill(batch);
  } while (!done_ && batch.events.empty() && passed_over_ < pause_after);
  const bool paused = !done_ && batch.events.empty();
  passed_over_ = 0;
  if (batch.events.empty()) batch.clear();
  report().records += batch.events.size();
  return paused || !batch.events.empty();
}

void Reader::begin_anew() {
  FileReport fresh;
  fresh.path = report().path;
  fresh.kept_reasons = report().kept_reasons;
  fresh.format = report().format;
  report() = std::move(fresh);
  done_ = false;
}

bool Reader::full(const event::Batch& batch) const {
  return batch.events.size() >= batch_events || taken_ >= batch_bytes ||
         passed_over_ >= pause_after;
}

void Reader::add_damage(std::uint64_t ordinal, const std::string& what) {
  report().add_damage("record " + std::to_string(ordinal) + " " + what);
}

void Reader::give_up(std::string reason) {
  FileReport& r = report();
  r.state = FileReport::State::unreadable;
  r.reasons.insert(r.reasons.begin(), std::move(reason));
  if (r.reasons.size() > r.kept_reasons) r.reasons.pop_back();
}

}  // namespace escudo::sources
