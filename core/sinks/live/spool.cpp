// Tested by tests/unit/sinks/spool.cpp.

#include "sinks/live/spool.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/files.hpp"

namespace escudo::sinks {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t head_bytes = 12;

fs::path native(const std::string& path) { return fs::path(std::u8string(path.begin(), path.end())); }

std::uint64_t check_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

void put(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

std::uint64_t get(std::string_view from, std::size_t at, int bytes) {
  std::uint64_t out = 0;
  for (int i = bytes; i-- > 0;) out = out << 8 | static_cast<unsigned char>(from[at + static_cast<std::size_t>(i)]);
  return out;
}

std::string digits(std::uint64_t number) {
  std::string out = std::to_string(number);
  return std::string(20 - out.size(), '0') + out;
}

bool read_digits(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && text.size() == 20 && end == text.data() + text.size();
}

}  // namespace

Spool::Spool(std::string folder, const Limits& limits) : folder_(std::move(folder)), limits_(limits) {}

base::Result<std::unique_ptr<Spool>> Spool::open(const std::string& folder, const Limits& limits) {
  std::unique_ptr<Spool> spool(new Spool(folder, limits));
  auto loaded = spool->load();
  if (!loaded) return base::Error{loaded.error()};
  return spool;
}

base::Result<void> Spool::load() {
  std::error_code error;
  fs::create_directories(native(folder_), error);
  if (error) return base::Error{"cannot make " + folder_ + ": " + error.message()};
  fs::permissions(native(folder_), fs::perms::owner_all, error);  // findings hold what logs hold
  auto sent_file = SpoolFile::open(folder_ + "/sent");
  if (!sent_file) return base::Error{sent_file.error()};
  sent_file_ = std::move(*sent_file);
  if (sent_file_->size() >= 20) {
    auto text = sent_file_->read_at(0, 20);
    if (!text) return base::Error{text.error()};
    // Torn by a power cut: all that is here is sent again, from the first segment.
    if (!read_digits(*text, sent_)) sent_ = 0;
  }
  std::vector<std::string> problems;
  for (const std::string& path : base::files_under(folder_, problems)) {
    std::string name = base::file_name(path);
    std::uint64_t start = 0;
    if (!name.ends_with(".spool")) continue;
    name.resize(name.size() - 6);
    if (!read_digits(name, start)) continue;
    auto file = SpoolFile::open(path);
    if (!file) return base::Error{file.error()};
    Segment& segment = segments_.emplace_back(Segment{start, path, std::move(*file)});
    std::uint64_t at = std::max(sent_, start);
    if (at > segment.end()) continue;
    while (at < segment.end()) {
      auto record = record_at(segment, at);
      if (!record) break;
      at += head_bytes + record->size();
    }
    damaged_ += segment.end() - at;
    if (auto cut = segment.file->cut(at - start); !cut) return cut;
  }
  if (!problems.empty()) return base::Error{problems.front()};
  if (segments_.empty()) return add_segment(sent_);
  sent_ = std::max(sent_, segments_.front().start);
  if (segments_.back().end() < sent_) return add_segment(sent_);
  drop_sent_segments();
  return {};
}

base::Result<void> Spool::add_segment(std::uint64_t start) {
  std::string path = folder_ + "/" + digits(start) + ".spool";
  auto file = SpoolFile::open(path);
  if (!file) return base::Error{file.error()};
  if (auto cut = (*file)->cut(0); !cut) return cut;
  segments_.push_back({start, std::move(path), std::move(*file)});
  return {};
}

base::Result<std::string> Spool::record_at(Segment& segment, std::uint64_t position) {
  const auto broken = [&] { return base::Error{segment.path + " is damaged"}; };
  auto head = segment.file->read_at(position - segment.start, head_bytes);
  if (!head) return head;
  if (head->size() < head_bytes) return broken();
  const std::uint64_t size = get(*head, 0, 4);
  if (position + head_bytes + size > segment.end()) return broken();
  auto bytes = segment.file->read_at(position - segment.start + head_bytes, size);
  if (!bytes) return bytes;
  if (bytes->size() != size || check_of(*bytes) != get(*head, 4, 8)) return broken();
  return bytes;
}

base::Result<bool> Spool::append(std::string_view record) {
  if (record.size() > UINT32_MAX) return base::Error{"a record of 4 GiB is too large for a spool"};
  const std::scoped_lock lock(mutex_);
  const std::uint64_t used = segments_.back().end() - segments_.front().start;
  const std::uint64_t size = head_bytes + record.size();
  if (sent_ < segments_.back().end() && used + size > limits_.bytes) return false;
  if (segments_.back().file->size() > 0 && segments_.back().file->size() + size > limits_.segment_bytes) {
    if (auto synced = segments_.back().file->sync(); !synced) return base::Error{synced.error()};
    if (auto added = add_segment(segments_.back().end()); !added) return base::Error{added.error()};
  }
  std::string bytes;
  bytes.reserve(size);
  put(bytes, record.size(), 4);
  put(bytes, check_of(record), 8);
  bytes += record;
  auto done = segments_.back().file->append(bytes);
  if (!done) return base::Error{done.error()};
  return true;
}

base::Result<void> Spool::sync() {
  // Not under the lock: the sender goes on meanwhile. Only the appending thread changes the last file.
  SpoolFile* last = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    last = segments_.back().file.get();
  }
  return last->sync();
}

base::Result<void> Spool::cut(std::uint64_t position) {
  const std::scoped_lock lock(mutex_);
  position = std::max(position, sent_);
  while (segments_.size() > 1 && segments_.back().start >= position) {
    std::error_code error;
    segments_.back().file.reset();
    fs::remove(native(segments_.back().path), error);
    segments_.pop_back();
    if (error) return base::Error{"cannot remove a file of " + folder_ + ": " + error.message()};
  }
  Segment& last = segments_.back();
  if (position < last.start || position >= last.end()) return {};
  std::uint64_t at = std::max(sent_, last.start);
  while (at < position) {
    auto record = record_at(last, at);
    if (!record) return base::Error{record.error()};
    at += head_bytes + record->size();
  }
  return at == position ? last.file->cut(position - last.start) : base::Result<void>();
}

base::Result<std::vector<Spool::Record>> Spool::read(std::uint64_t until, std::uint64_t max_bytes,
                                                     std::size_t max_records) {
  const std::scoped_lock lock(mutex_);
  std::vector<Record> out;
  std::uint64_t at = sent_, taken = 0;
  for (Segment& segment : segments_) {
    at = std::max(at, segment.start);  // a damaged file ends early
    while (at < std::min(until, segment.end())) {
      auto record = record_at(segment, at);
      if (!record) return base::Error{record.error()};
      if (!out.empty() && (taken + record->size() > max_bytes || out.size() == max_records)) return out;
      taken += record->size();
      at += head_bytes + record->size();
      out.push_back({std::move(*record), at});
    }
    if (segment.end() >= until) break;
  }
  return out;
}

base::Result<void> Spool::mark_sent(std::uint64_t position) {
  const std::scoped_lock lock(mutex_);
  sent_ = std::max(sent_, position);
  // In place and not synced: a killed process leaves the old number or the new one; what a power
  // failure forgets is sent again, with the same identity.
  auto done = sent_file_->rewrite(digits(sent_));
  drop_sent_segments();
  return done;
}

void Spool::drop_sent_segments() {
  while (segments_.size() > 1 && segments_.front().end() <= sent_) {
    std::error_code ignored;  // a file that stays is removed when the spool is opened next
    segments_.front().file.reset();
    fs::remove(native(segments_.front().path), ignored);
    segments_.pop_front();
  }
}

std::uint64_t Spool::sent() const {
  const std::scoped_lock lock(mutex_);
  return sent_;
}
std::uint64_t Spool::end() const {
  const std::scoped_lock lock(mutex_);
  return segments_.back().end();
}
std::uint64_t Spool::bytes() const {
  const std::scoped_lock lock(mutex_);
  return segments_.back().end() - segments_.front().start;
}
std::uint64_t Spool::damaged() const {
  const std::scoped_lock lock(mutex_);
  return damaged_;
}

}  // namespace escudo::sinks
