// A growing EVTX file, as collectors keep them. The format has no end to read on from: chunks are filled
// in place and, in circular logs, in any order. So the file is read whole whenever it changed, and what
// has a header id at or below the last one is passed over. Between two readings lies at least a second,
// and nine times what the last one took, so that a large file costs a tenth of a processor at most.
// A log that was renamed is looked for by its number in its folder and read once more, to its end.
//
// Tested by tests/unit/sources/follow.cpp.
#include <algorithm>
#include <filesystem>
#include <mutex>

#include "base/files.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "sources/follow/os.hpp"
#include "sources/follow/source.hpp"
#include "sources/source.hpp"

namespace escudo::sources {
namespace {

using namespace follow;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::uint64_t kVersion = 1;

class GrowingEvtx final : public LiveSource {
 public:
  GrowingEvtx(std::string path, bool numbered, const LiveOptions& options)
      : path_(std::move(path)), numbered_(numbered), options_(options), watcher_(path_) {}

  bool resume(const std::string& position) {
    base::Unpacker in(position);
    const bool known = in.number() == kVersion;
    id_.device = in.number();
    id_.number = in.number();
    last_ = in.number();
    return known && in.ok();
  }

  Got poll(event::Batch& batch, std::chrono::milliseconds wait) override {
    batch.clear();
    const auto until = Steady::now() + wait;
    for (;;) {
      while (reader_ && !stopped_) {
        if (!reader_->next(batch)) {
          end_pass();
          break;
        }
        for (const event::Event& e : batch.events) highest_ = std::max(highest_, e.header_id);
        std::erase_if(batch.events, [&](const event::Event& e) { return e.header_id <= last_; });
        if (batch.events.empty()) continue;
        std::lock_guard lock(mutex_);
        report_.events += batch.events.size();
        return Got::events;
      }
      batch.clear();
      if (stopped_) return Got::nothing;
      if (begin_pass()) continue;
      if (options_.once) return Got::ended;
      const auto now = Steady::now();
      if (now >= until) return Got::nothing;
      watcher_.wait(std::chrono::ceil<std::chrono::milliseconds>(until - now));
      // The folder tells of every write; the next reading has its time.
      if (const auto left = std::min(next_pass_, until) - Steady::now(); left > 0ms && !stopped_)
        watcher_.wait(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
  }

  std::optional<std::string> position() const override {
    if (reader_) return {};
    std::string bytes;
    base::Packer(bytes).number(kVersion).number(id_.device).number(id_.number).number(last_);
    return bytes;
  }
  bool numbers_records() const override { return numbered_; }
  std::vector<LogNotice> take_notices() override { return std::exchange(notices_, {}); }
  LiveReport report() const override {
    std::lock_guard lock(mutex_);
    return report_;
  }
  void stop() override {
    stopped_ = true;
    watcher_.stop();
  }

 private:
  bool begin_pass() {
    const auto now = look(path_);
    if (!now) {
      std::lock_guard lock(mutex_);
      report_.trouble = path_ + " is not there";
      return false;
    }
    const bool changed = now->id != id_ || now->size != size_ || now->modified != modified_;
    {
      std::lock_guard lock(mutex_);
      report_.at_end = !changed;
    }
    if (!changed) return false;
    if (Steady::now() < next_pass_ && !options_.once) return false;
    old_ = now->id != id_ && id_ != FileId{};   // another file has its name
    if (old_) {
      const auto before = renamed();
      if (before) return read(*before);
      LogNotice notice;
      notice.kind = "lost";
      notice.first = last_ + 1;
      notice.text = path_ + " is another file, and the one before it is not in its folder: what came there after record " +
                    std::to_string(last_) + " is gone";
      notices_.push_back(std::move(notice));
      old_ = false;
    }
    if (now->id != id_) last_ = 0;
    return read(*now);
  }

  bool read(const FileState& file) {
    id_ = file.id;
    size_ = file.size;
    modified_ = file.modified;
    highest_ = 0;
    begun_ = Steady::now();
    reader_ = open(file.path, options_.open);
    return true;
  }

  // The file that was read before, under the name it has now. A number may come again: what is shorter than
  // what was read is another file.
  std::optional<FileState> renamed() const {
    const auto native = [](const std::string& utf8) { return std::filesystem::path(std::u8string(utf8.begin(), utf8.end())); };
    const std::string folder = base::parent_path(path_);
    std::error_code error;
    for (std::filesystem::directory_iterator each(native(folder.empty() ? "." : folder), error), end; !error && each != end; each.increment(error)) {
      const std::u8string name = each->path().generic_u8string();
      auto file = look(std::string(name.begin(), name.end()));
      if (file && file->id == id_ && file->size >= size_) return file;
    }
    return {};
  }

  void end_pass() {
    FileReport r;
    if (!reader_->reports().empty()) r = reader_->reports().front();
    reader_.reset();
    next_pass_ = Steady::now() + std::max<Steady::duration>(1s, 9 * (Steady::now() - begun_));
    {
      std::lock_guard lock(mutex_);
      report_.damaged = r.damaged;
      report_.bytes += size_;
      report_.trouble = r.state == FileReport::State::read ? "" : path_ + (r.reasons.empty() ? " is no log" : ": " + r.reasons.front());
    }
    if (old_) {   // what has its name now is next, from its beginning
      old_ = false;
      id_ = {};
      last_ = 0;
      next_pass_ = {};
      return;
    }
    if (highest_ == 0 || highest_ >= last_) {
      last_ = std::max(last_, highest_);
      return;
    }
    // The log was cleared in place: its ids begin anew.
    LogNotice notice;
    notice.kind = "cleared";
    notice.first = highest_;
    notice.last = last_;
    notice.text = path_ + " was cleared: its highest record is " + std::to_string(highest_) + ", it was " + std::to_string(last_);
    notices_.push_back(std::move(notice));
    last_ = 0;
    modified_ = 0;   // once more, from the beginning
    next_pass_ = {};
  }

  const std::string path_;
  const bool numbered_;
  const LiveOptions options_;
  Watcher watcher_;
  std::atomic<bool> stopped_{false};
  FileId id_;                   // none before the first pass, and between a log and its successor
  bool old_ = false;            // the pass is over a log that lost its name
  std::uint64_t last_ = 0;      // the highest header id of the passes that are over
  std::uint64_t highest_ = 0;   // of this one
  std::uint64_t size_ = 0;
  std::int64_t modified_ = 0;
  Steady::time_point begun_{}, next_pass_{};
  std::unique_ptr<Source> reader_;
  std::vector<LogNotice> notices_;
  mutable std::mutex mutex_;
  LiveReport report_;
};

}  // namespace

base::Result<std::unique_ptr<LiveSource>> open_growing_evtx(const std::string& path, bool numbered, const std::string& position,
                                                            const LiveOptions& options) {
  auto out = std::make_unique<GrowingEvtx>(path, numbered, options);
  if (!position.empty() && !out->resume(position)) return base::Error{"the position kept for " + path + " is of another version or damaged"};
  return std::unique_ptr<LiveSource>(std::move(out));
}

}  // namespace escudo::sources
