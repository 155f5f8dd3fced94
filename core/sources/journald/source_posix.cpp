// Tested by tests/unit/sources/journald.cpp.
#include "sources/journald/source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "base/text.hpp"
#include "sources/journald/export.hpp"
#include "sources/reader.hpp"

namespace escudo::sources {
namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kBetweenStarts = 1s;
// A child needs its time to find where to go on: silence is an end once it lasts so long.
constexpr auto kSilence = 10s;
constexpr std::size_t kBlockEntries = 256;   // read as one block

class Journal final : public LiveSource {
 public:
  Journal(std::vector<std::string> arguments, std::string cursor, const LiveOptions& options)
      : arguments_(std::move(arguments)), cursor_(std::move(cursor)), options_(options),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  ~Journal() override {
    end_child();
    if (wake_ >= 0) ::close(wake_);
  }

  Got poll(event::Batch& batch, std::chrono::milliseconds wait) override {
    batch.clear();
    const auto until = Steady::now() + wait;
    for (;;) {
      if (reader_) {
        const bool any = has_ahead_ || reader_->next(ahead_);
        if (any) std::swap(batch, ahead_);
        has_ahead_ = any && reader_->next(ahead_);
        if (!has_ahead_) end_block();
        if (!any) continue;
        std::lock_guard lock(mutex_);
        report_.events += batch.events.size();
        return Got::events;
      }
      if (begin_block()) continue;
      if (stopped_) return Got::nothing;
      if (finished_) return Got::ended;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
      if (left <= 0ms) {
        std::lock_guard lock(mutex_);
        report_.at_end = pipe_ >= 0 && (heard_ || Steady::now() - started_ >= kSilence);
        return Got::nothing;
      }
      if (pipe_ < 0 && !start_child(left)) continue;
      read_some(left);
    }
  }

  std::optional<std::string> position() const override {
    if (reader_) return {};
    return cursor_;
  }
  LiveReport report() const override {
    std::lock_guard lock(mutex_);
    return report_;
  }
  void stop() override {
    stopped_ = true;
    const std::uint64_t one = 1;
    if (::write(wake_, &one, sizeof one) < 0) return;
  }

 private:
  // The events of the whole entries that are here, as one text.
  bool begin_block() {
    std::string text;
    std::size_t used = 0;
    for (std::size_t n = 0; n < kBlockEntries; ++n) {
      const auto entry = first_entry(std::string_view(buffer_).substr(used));
      if (!entry) break;
      used += entry->size;
      if (!entry->cursor.empty()) next_cursor_ = entry->cursor;
      text.append(entry->message).append("\n");
    }
    if (used == 0) return false;
    heard_ = true;
    buffer_.erase(0, used);
    Job job;
    job.path = "journald";
    job.options = options_.open;
    job.progress = std::make_shared<Progress>();
    job.bytes = memory_bytes(std::move(text), job.progress.get());
    reader_ = open_as(std::move(job), Format::winxml, 0);
    return true;
  }

  void end_block() {
    std::lock_guard lock(mutex_);
    for (const FileReport& r : reader_->reports()) report_.damaged += r.damaged;
    reader_.reset();
    cursor_ = next_cursor_;
  }

  bool start_child(std::chrono::milliseconds left) {
    if (Steady::now() - started_ < kBetweenStarts) {
      nap(std::min<std::chrono::milliseconds>(left, kBetweenStarts));
      return false;
    }
    started_ = Steady::now();
    heard_ = false;
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) return trouble(std::string("cannot make a pipe: ") + std::strerror(errno));
    std::vector<std::string> words{"journalctl", "-o", "export", "--all", "--quiet"};
    if (!options_.once) words.insert(words.end(), {"--follow", "--lines=all"});
    if (!cursor_.empty()) words.push_back("--after-cursor=" + cursor_);
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(fds[1], 1);
      const int null = ::open("/dev/null", O_RDWR);
      ::dup2(null, 0);
      ::dup2(null, 2);
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, nullptr);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(fds[1]);
    if (child_ < 0) {
      ::close(fds[0]);
      return trouble(std::string("cannot start journalctl: ") + std::strerror(errno));
    }
    pipe_ = fds[0];
    ::fcntl(pipe_, F_SETFL, O_NONBLOCK);
    buffer_.clear();   // what was not whole comes again
    return true;
  }

  void read_some(std::chrono::milliseconds left) {
    pollfd fds[2] = {{wake_, POLLIN, 0}, {pipe_, POLLIN, 0}};
    if (::poll(fds, 2, static_cast<int>(left.count())) <= 0 || fds[1].revents == 0) return;
    char bytes[64 * 1024];
    const ssize_t got = ::read(pipe_, bytes, sizeof bytes);
    if (got > 0) {
      buffer_.append(bytes, static_cast<std::size_t>(got));
      std::lock_guard lock(mutex_);
      report_.bytes += static_cast<std::uint64_t>(got);
      report_.trouble.clear();
      return;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    const int code = end_child();
    // Without the last empty line the last entry would wait for ever. Of a child that was cut short it is
    // not whole, and comes again.
    if (!buffer_.empty() && code == 0) buffer_ += '\n';
    if (options_.once && code == 0) finished_ = true;
    else if (code == 127) trouble("journalctl is not installed");
    else trouble("journalctl ended with " + std::to_string(code));
    if (options_.once && code != 0) finished_ = true;
  }

  int end_child() {
    if (pipe_ >= 0) ::close(pipe_);
    pipe_ = -1;
    if (child_ <= 0) return 0;
    ::kill(child_, SIGTERM);
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  void nap(std::chrono::milliseconds time) const {
    pollfd fd{wake_, POLLIN, 0};
    ::poll(&fd, 1, static_cast<int>(time.count()));
  }

  bool trouble(const std::string& what) {
    std::lock_guard lock(mutex_);
    report_.trouble = "journald: " + what;
    return false;
  }

  const std::vector<std::string> arguments_;
  std::string cursor_, next_cursor_;
  const LiveOptions options_;
  const int wake_;
  std::atomic<bool> stopped_{false};
  bool finished_ = false;
  pid_t child_ = -1;
  int pipe_ = -1;
  bool heard_ = false;   // an entry from this child
  Steady::time_point started_{};
  std::string buffer_;
  std::unique_ptr<Source> reader_;
  event::Batch ahead_;
  bool has_ahead_ = false;
  mutable std::mutex mutex_;
  LiveReport report_;
};

}  // namespace

base::Result<std::unique_ptr<LiveSource>> open_journald(const std::string& rest, const std::string& position,
                                                        const LiveOptions& options) {
  std::vector<std::string> arguments;
  std::string_view matches = rest;
  if (const std::size_t q = rest.find('?'); q != std::string::npos) {
    const std::string_view query = std::string_view(rest).substr(q + 1);
    if (!query.starts_with("directory=")) return base::Error{"journald: takes directory=DIR, not `" + base::harmless(query) + "`"};
    arguments.push_back("--directory=" + std::string(query.substr(10)));
    matches = matches.substr(0, q);
  }
  if (matches.empty()) matches = "SYSLOG_IDENTIFIER=sysmon";
  for (std::string_view match : base::split(matches, ',')) {
    if (match.find('=') == std::string_view::npos || match.starts_with('-'))
      return base::Error{"journald: wants FIELD=VALUE, not `" + base::harmless(match) + "`"};
    arguments.emplace_back(match);
  }
  return std::unique_ptr<LiveSource>(new Journal(std::move(arguments), position, options));
}

}  // namespace escudo::sources
