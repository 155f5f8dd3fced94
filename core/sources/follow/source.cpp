// Tested by tests/unit/sources/follow.cpp and tests/tail.
#include "sources/follow/source.hpp"

#include <algorithm>
#include <mutex>

#include "base/text.hpp"
#include "sources/follow/cut.hpp"
#include "sources/follow/encoding.hpp"
#include "sources/follow/place.hpp"
#include "sources/follow/search.hpp"
#include "sources/reader.hpp"

namespace escudo::sources {
namespace {

using namespace follow;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kBlock = 512 * 1024;
// After so long without growth a record whose end only the next one shows is whole.
constexpr std::chrono::milliseconds kStill{500};

class Follow final : public LiveSource {
 public:
  Follow(std::string path, Place place, bool from_end, bool numbered, const LiveOptions& options)
      : path_(std::move(path)), place_(std::move(place)), from_end_(from_end && !place_.begun), numbered_(numbered),
        options_(options), watcher_(path_) {}

  Got poll(event::Batch& batch, std::chrono::milliseconds wait) override {
    batch.clear();
    const auto until = Steady::now() + wait;
    for (;;) {
      if (reader_) {
        if (next_of_block(batch)) return Got::events;
        continue;
      }
      if (stopped_) return Got::nothing;
      if ((file_ || find()) && read_block()) continue;
      if (file_ && move_on()) continue;
      if (options_.once) return Got::ended;
      const auto now = Steady::now();
      if (now >= until) return Got::nothing;
      auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now);
      if (size_seen_ > place_.offset) left = std::min(left, kStill);   // half a record lies there
      watcher_.wait(left);
    }
  }

  std::optional<std::string> position() const override {
    if (reader_) return {};
    return place_.pack();
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
  // ---- the block at hand ---------------------------------------------------------------------------
  // Reads one batch ahead: with the last batch of a block its end is a position.
  bool next_of_block(event::Batch& batch) {
    const bool any = has_ahead_ || reader_->next(ahead_);
    if (any) {
      std::swap(batch, ahead_);
      has_ahead_ = reader_->next(ahead_);
      for (event::Event& e : batch.events) e.ordinal += place_.ordinal;
      std::lock_guard lock(mutex_);
      report_.events += batch.events.size();
    }
    if (!has_ahead_) end_block();
    return any;
  }

  void end_block() {
    std::lock_guard lock(mutex_);
    for (const FileReport& r : reader_->reports()) {
      place_.ordinal += r.records + r.damaged;
      report_.damaged += r.damaged;
    }
    place_.offset += block_size_;
    report_.bytes += block_size_;
    report_.backlog_bytes = size_seen_ > place_.offset ? size_seen_ - place_.offset : 0;
    reader_.reset();
  }

  // Reads on where the last block ended. False when no whole record lies there.
  bool read_block() {
    const FileState state = file_->state();
    if (state.size < place_.offset || (state.size != size_seen_ && !begins_with(*file_, place_.file.head))) return cut_short();
    if (state.size != size_seen_) grown_ = Steady::now();
    size_seen_ = state.size;
    place_.modified = state.modified;
    if (place_.file.head.size < Head::kBytes && state.size > place_.file.head.size) place_.file.head = head_of(*file_, state.size);
    if (state.size == place_.offset) return false;
    const auto known = encoding_.know(*file_, state.size);
    if (!known.ok()) return trouble(known.error());
    if (!known.value()) return false;
    const bool still = last_ || Steady::now() - grown_ >= kStill;
    // More was not there when it was asked last.
    if (state.size == tried_ && !still) return false;
    std::size_t want = kBlock;
    for (;;) {
      buffer_.resize(std::min<std::uint64_t>(want, state.size - place_.offset));
      const auto got = file_->read_at(place_.offset, buffer_.data(), buffer_.size());
      if (!got.ok()) return trouble(got.error());
      buffer_.resize(got.value());
      const bool whole_file = place_.offset + buffer_.size() >= state.size;
      encoding_.decode(buffer_, place_.offset);
      if (!know_format()) return false;
      std::size_t size = whole_records(format_, buffer_, still && whole_file);
      if (size == 0 && whole_file && last_) size = buffer_.size();   // nothing will follow
      if (size == 0 && buffer_.size() > options_.open.limits.event_bytes) size = buffer_.size();
      if (size > 0) return begin_block(size);
      if (whole_file) break;
      want *= 4;
    }
    tried_ = state.size;
    return false;
  }

  bool begin_block(std::size_t size) {
    buffer_.resize(size);
    block_size_ = encoding_.bytes_of(buffer_, place_.offset);
    Job job;
    job.path = path_;
    job.options = options_.open;
    job.progress = std::make_shared<Progress>();
    job.bytes = memory_bytes(buffer_, job.progress.get());
    reader_ = open_as(std::move(job), format_, size);
    return true;
  }

  // What the file is tells its beginning; while that tells nothing, each block is asked.
  bool know_format() {
    if (known_) return true;
    if (place_.offset > 0) {
      std::string head(head_bytes, '\0');
      const auto got = file_->read_at(0, head.data(), head.size());
      if (!got.ok()) return trouble(got.error());
      head.resize(got.value());
      format_ = sniff(head, head.size() < head_bytes);
      known_ = format_ != Format::unknown && format_ != Format::empty;
    }
    if (!known_) {
      const std::string_view head = std::string_view(buffer_).substr(0, head_bytes);
      if (head.find('\n') == std::string_view::npos && head.find("</Event>") == std::string_view::npos && !last_) return false;
      format_ = sniff(head, head.size() < head_bytes);
      known_ = format_ != Format::unknown && format_ != Format::empty;
    }
    if (format_ == Format::evtx || is_packed(format_)) {
      known_ = false;
      return trouble("is no text that grows");
    }
    // Its objects are parted and ended by what its writer writes anew each time.
    if (format_ == Format::json && place_.offset == 0 && base::trim(buffer_).starts_with('[')) {
      known_ = false;
      return trouble("is one JSON array, which cannot be followed; a log that grows has one JSON object behind another");
    }
    return true;
  }

  // ---- which file ----------------------------------------------------------------------------------
  bool find() {
    if (!place_.begun) return begin();
    if (auto file = same_file(path_, place_)) {
      take(std::move(file));
      return true;
    }
    const std::uint64_t read_to = place_.offset;
    if (!go_on()) return trouble("is not there");
    lost("the file that was read up to byte " + std::to_string(read_to) + " is gone; reading goes on with what came after it", read_to);
    return true;
  }

  bool begin() {
    auto file = OpenFile::open(path_);
    if (!file.ok()) return trouble(file.error());
    // What was rotated away before the first start is not asked for.
    for (const FileState& each : family(path_)) {
      if (each.path == path_) continue;
      auto old = OpenFile::open(each.path);
      if (old.ok()) mark_done({each.id, head_of(*old.value(), each.size)});
    }
    start(std::move(file).value());
    if (from_end_) place_.offset = encoding_.size_of_lines(*file_, file_->size());
    return true;
  }

  // A new file, from its beginning.
  void start(std::unique_ptr<OpenFile> file) {
    const FileState state = file->state();
    place_.file = {state.id, head_of(*file, state.size)};
    place_.offset = place_.ordinal = 0;
    place_.begun = true;
    known_ = false;
    take(std::move(file));
  }

  void take(std::unique_ptr<OpenFile> file) {
    file_ = std::move(file);
    place_.file.id = file_->state().id;
    size_seen_ = tried_ = 0;
    encoding_ = {};
    last_ = false;
    grown_ = Steady::now();
    std::lock_guard lock(mutex_);
    report_.trouble.clear();
  }

  // At the end of the file: whether another has taken its place. A log that was rotated is read until
  // its successor has something, for until then its writer may still hold it open.
  bool move_on() {
    const auto now_there = look(path_);
    const FileState mine = file_->state();
    if (!now_there || now_there->id == mine.id) return false;
    if (now_there->size == 0) return false;
    if (!last_) {          // once more, to its very end
      last_ = true;
      tried_ = 0;
      return true;
    }
    place_.modified = mine.modified;
    mark_done({mine.id, head_of(*file_, mine.size)});
    file_.reset();
    return go_on();
  }

  // With the oldest file that was not read yet.
  bool go_on() {
    Next next = next_file(path_, place_);
    if (!next.file) return false;
    for (const std::string& packed : next.packed) lost(packed + " was packed before it was read", 0);
    start(std::move(next.file));
    return true;
  }

  // The file is shorter than what was read, or begins otherwise: it was cut (copytruncate). What was
  // not read of it lies in a copy that begins alike.
  bool cut_short() {
    if (auto copy = copy_of(path_, place_)) {
      mark_done(place_.file);
      place_.file.head = head_of(*copy, copy->size());
      take(std::move(copy));
      // The copy is whole when the original is cut, and does not grow.
      last_ = true;
      return true;
    }
    lost("the file was cut after byte " + std::to_string(place_.offset) +
             " was read, and there is no copy of it; what was written behind that is gone",
         place_.offset);
    auto file = OpenFile::open(path_);
    if (!file.ok()) {
      file_.reset();
      return trouble(file.error());
    }
    start(std::move(file).value());
    return true;
  }

  // Of an empty file nothing could be read twice, and nothing tells it from the next with its number.
  void mark_done(const Mark& mark) {
    if (mark.head.size == 0) return;
    std::erase_if(place_.done, [&](const Mark& m) { return m == mark; });
    place_.done.push_back(mark);
    if (place_.done.size() > Place::kDone) place_.done.erase(place_.done.begin());
  }

  void lost(const std::string& what, std::uint64_t from) {
    LogNotice notice;
    notice.kind = "lost";
    notice.first = from;
    notice.text = path_ + ": " + what;
    notices_.push_back(std::move(notice));
  }

  bool trouble(const std::string& what) {
    std::lock_guard lock(mutex_);
    report_.trouble = path_ + " " + what;
    return false;
  }

  const std::string path_;
  Place place_;
  const bool from_end_, numbered_;
  const LiveOptions options_;
  Watcher watcher_;
  std::atomic<bool> stopped_{false};
  std::unique_ptr<OpenFile> file_;
  Format format_ = Format::unknown;
  bool known_ = false;
  Encoding encoding_;
  bool last_ = false;               // the file grows no more
  std::uint64_t size_seen_ = 0, tried_ = 0;
  Steady::time_point grown_{};
  std::string buffer_;
  std::size_t block_size_ = 0;
  std::unique_ptr<Source> reader_;
  event::Batch ahead_;
  bool has_ahead_ = false;
  std::vector<LogNotice> notices_;
  mutable std::mutex mutex_;
  LiveReport report_;
};

}  // namespace

base::Result<std::unique_ptr<LiveSource>> open_follow(const std::string& path, const std::string& position,
                                                      const LiveOptions& options) {
  std::string name = path;
  bool from_end = false, numbered = false;
  if (const std::size_t q = path.rfind('?'); q != std::string::npos) {
    name = path.substr(0, q);
    for (std::string_view part : base::split(std::string_view(path).substr(q + 1), '&')) {
      if (part == "start=end") from_end = true;
      else if (part == "gaps=yes") numbered = true;
      else if (part != "start=begin" && part != "gaps=no")
        return base::Error{"file: takes start=begin, start=end, gaps=yes and gaps=no, not `" + base::harmless(part) + "`"};
    }
  }
  if (name.empty()) return base::Error{"file: wants a PATH"};
  if (base::to_lower(name).ends_with(".evtx")) {
    if (from_end) return base::Error{"file: start=end is for text; an EVTX file is read from its beginning"};
    return open_growing_evtx(name, numbered, position, options);
  }
  Place place;
  if (!position.empty()) {
    auto known = Place::unpack(position);
    if (!known) return base::Error{"the position kept for " + name + " is of another version or damaged"};
    place = std::move(*known);
  }
  return std::unique_ptr<LiveSource>(new Follow(std::move(name), std::move(place), from_end, numbered, options));
}

}  // namespace escudo::sources
