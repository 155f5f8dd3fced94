// The JSON-lines file. Its length is committed with the position in the log: what was written behind
// it before a crash is cut off on restart and comes again. Rotation happens only right after a commit,
// when nothing lies behind the committed length. The state also tells how the file begins: after a crash
// between the renaming and the next commit the file there is another, and nothing in it is committed: it is
// set aside as FILE.aside. So is one of which nothing was committed yet, for it may be what `escudo scan`
// wrote there. Any other file was put there by somebody else; it is written on and never cut.
//
// Tested by tests/unit/sinks/live_jsonl.cpp and tests/tail.
#include "sinks/live_jsonl.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "event/value.hpp"
#include "sinks/append_file.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {
namespace {

struct Rotation {
  std::uint64_t bytes = 0;   // 0: never
  unsigned keep = 5;
};

std::string numbered(const std::string& path, unsigned n) { return path + "." + std::to_string(n); }

std::filesystem::path native(const std::string& utf8) { return std::filesystem::path(std::u8string(utf8.begin(), utf8.end())); }

class LiveJsonl final : public LiveSink {
 public:
  LiveJsonl(std::string path, Rotation rotation) : path_(std::move(path)), rotation_(rotation) {}

  base::Result<void> resume(std::string_view state) override {
    if (auto opened = open(); !opened) return opened;
    length_ = file_->size();
    head_ = read_head();
    if (state.empty()) return {};   // what is there from before is not ours to cut
    base::Unpacker in(state);
    const std::uint64_t good = in.number();
    const std::string hash(in.text());
    if (!in.ok()) return base::Error{"what is kept of " + path_ + " is damaged"};
    if (good == 0 && length_ > 0 && looks_ours(head_)) return set_aside();
    if (good > 0 && begins_so(path_, good, hash)) {
      length_ = good;
      head_.resize(std::min<std::uint64_t>(head_.size(), length_));
      return file_->cut(length_);
    }
    // Rotated after the last commit; else somebody put another file there.
    if (good > 0 && length_ > 0 && begins_so(numbered(path_, 1), good, hash)) return set_aside();
    return {};
  }

  void add(const findings::Finding& finding) override {
    ++report_.findings;
    write(finding_json(finding));
  }
  void add(const Notice& notice) override { write(notice_json(notice)); }

  base::Result<bool> settle(std::chrono::milliseconds) override {
    if (auto written = flush(); !written) return base::Error{written.error()};
    if (!synced_) {
      if (auto done = file_->sync(); !done) return trouble(done.error());
      synced_ = true;
    }
    report_.trouble = not_rotated_;
    return true;
  }

  std::string state() const override {
    std::string bytes;
    base::Packer(bytes).number(length_).text(base::sha256_hex(head_));
    return bytes;
  }

  void committed() override {
    if (rotation_.bytes == 0 || length_ < rotation_.bytes) return;
    file_.reset();
    const std::error_code error = rotate();
    not_rotated_ = error ? path_ + " cannot be rotated: " + error.message() : "";
    report_.trouble = not_rotated_;
    if (auto opened = open(); !opened) {
      report_.trouble = opened.error();
      // Opened again by the next write, where the file is what rotate() left.
      if (!error) length_ = 0, head_.clear();
      return;
    }
    length_ = file_->size();
    head_ = read_head();
  }

  SinkReport report() const override {
    SinkReport out = report_;
    out.name = "jsonl:" + path_;
    return out;
  }

 private:
  // Up to the first number that is free; where none is, the oldest file goes.
  std::error_code rotate() const {
    std::error_code error;
    unsigned last = 1;
    while (last < rotation_.keep && base::exists(numbered(path_, last))) ++last;
    std::filesystem::remove(native(numbered(path_, last)), error);
    for (unsigned n = last; n > 1 && !error; --n)
      std::filesystem::rename(native(numbered(path_, n - 1)), native(numbered(path_, n)), error);
    if (!error) std::filesystem::rename(native(path_), native(numbered(path_, 1)), error);
    return error;
  }

  // What it holds comes again, under the same identities.
  base::Result<void> set_aside() {
    std::string name = path_ + ".aside";
    for (unsigned n = 2; base::exists(name); ++n) name = path_ + ".aside." + std::to_string(n);
    file_.reset();
    std::error_code error;
    std::filesystem::rename(native(path_), native(name), error);
    if (error) return base::Error{"cannot rename " + path_ + ": " + error.message()};
    length_ = 0;
    head_.clear();
    return open();
  }

  // The file has `good` bytes and begins as the state says.
  static bool begins_so(const std::string& path, std::uint64_t good, const std::string& hash) {
    const std::string head = read_head(path).substr(0, std::min<std::uint64_t>(good, kHead));
    return base::file_size(path) >= good && base::sha256_hex(head) == hash;
  }
  static bool looks_ours(std::string_view head) {
    constexpr std::string_view kBegin = R"({"type":")";
    return head.substr(0, kBegin.size()) == kBegin.substr(0, head.size());
  }

  base::Result<void> open() {
    auto file = AppendFile::open(path_);
    if (!file) return base::Error{file.error()};
    file_ = std::move(file).value();
    return {};
  }

  // Written at once, for who looks at the file; on disk at the next settle().
  void write(const std::string& json) {
    pending_ += json;
    pending_ += '\n';
    (void)flush();
  }

  base::Result<void> flush() {
    if (pending_.empty()) return {};
    if (!file_)
      if (auto opened = open(); !opened) return trouble_void(opened.error());
    // A write that failed half way (a full disk) is taken back before it is tried again.
    if (torn_) {
      if (auto cut = file_->cut(length_); !cut) return trouble_void(cut.error());
      torn_ = false;
    }
    if (auto written = file_->append(pending_); !written) {
      torn_ = true;
      return trouble_void(written.error());
    }
    length_ += pending_.size();
    if (head_.size() < kHead) head_.append(pending_, 0, kHead - head_.size());
    pending_.clear();
    synced_ = false;
    return {};
  }

  std::string read_head() const { return read_head(path_); }
  static std::string read_head(const std::string& path) {
    std::string head(kHead, '\0');
    std::ifstream in(native(path), std::ios::binary);
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return head;
  }

  base::Error trouble(const std::string& why) {
    report_.trouble = why;
    return {why};
  }
  base::Result<void> trouble_void(const std::string& why) { return trouble(why); }

  static constexpr std::size_t kHead = 1024;
  const std::string path_;
  const Rotation rotation_;
  std::unique_ptr<AppendFile> file_;
  std::string pending_;
  std::string head_;           // how the file begins
  std::uint64_t length_ = 0;   // of what is whole in the file
  bool synced_ = true, torn_ = false;
  std::string not_rotated_;    // why, while it is so
  SinkReport report_;
};

class LiveStdout final : public LiveSink {
 public:
  base::Result<void> resume(std::string_view) override { return {}; }
  void add(const findings::Finding& finding) override {
    ++report_.findings;
    write(finding_json(finding));
  }
  void add(const Notice& notice) override { write(notice_json(notice)); }
  base::Result<bool> settle(std::chrono::milliseconds) override {
    if (std::fflush(stdout) == 0 && !failed_) return true;
    failed_ = true;
    report_.trouble = "cannot write to standard output";
    return base::Error{report_.trouble};
  }
  std::string state() const override { return {}; }
  // Nobody knows how much of what was written arrived.
  bool broken() const override { return failed_; }
  SinkReport report() const override {
    SinkReport out = report_;
    out.name = "stdout";
    return out;
  }

 private:
  void write(const std::string& json) {
    if (std::fwrite(json.data(), 1, json.size(), stdout) != json.size() || std::fputc('\n', stdout) == EOF ||
        std::fflush(stdout) != 0)
      failed_ = true;
  }
  bool failed_ = false;
  SinkReport report_;
};

}  // namespace

base::Result<std::unique_ptr<LiveSink>> open_live_jsonl(const std::string& rest) {
  const std::size_t q = rest.find('?');
  const std::string path = rest.substr(0, q);
  if (path.empty()) return base::Error{"jsonl: wants a FILE"};
  Rotation rotation;
  if (q != std::string::npos)
    for (std::string_view part : base::split(std::string_view(rest).substr(q + 1), '&')) {
      const std::size_t equal = part.find('=');
      const auto n = equal == std::string_view::npos ? std::nullopt : event::parse_number(part.substr(equal + 1));
      const std::string_view name = part.substr(0, equal);
      if (!n || *n < 1 || *n > 1e15) return base::Error{"jsonl: takes rotate=BYTES and keep=N, not `" + base::harmless(part) + "`"};
      if (name == "rotate") rotation.bytes = static_cast<std::uint64_t>(*n);
      else if (name == "keep") rotation.keep = static_cast<unsigned>(std::min(*n, 1000.0));
      else return base::Error{"jsonl: takes rotate=BYTES and keep=N, not `" + base::harmless(part) + "`"};
    }
  return std::unique_ptr<LiveSink>(new LiveJsonl(path, rotation));
}

std::unique_ptr<LiveSink> live_stdout() { return std::make_unique<LiveStdout>(); }

}  // namespace escudo::sinks
