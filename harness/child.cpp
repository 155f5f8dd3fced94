#include "harness/child.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#if __has_include(<boost/process/v1.hpp>)
#include <boost/process/v1.hpp>
#include <boost/process/v1/extend.hpp>
namespace process = boost::process::v1;
#else
#include <boost/process.hpp>
#include <boost/process/extend.hpp>
namespace process = boost::process;
#endif
#include <memory>

namespace escudo::harness {
namespace {

// How long pipes may stay open after the child itself has ended: something it started still holds them.
constexpr std::chrono::milliseconds after_exit{500};

class Run {
 public:
  explicit Run(const Limits& limits) : limits_(limits) {}

  base::Result<Outcome> operator()(const Command& command) {
    try {
      const auto program = found(command.program);
      if (program.empty()) return base::Error{"there is no program " + command.program};
      start(program, command);
    } catch (const std::exception& e) {
      return base::Error{"cannot start " + command.program + ": " + e.what()};
    }
    timer_.expires_after(limits_.time);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) stop(Outcome::End::time_limit);
    });
    read(out_, outcome_.out, out_buffer_);
    read(err_, outcome_.err, err_buffer_);
    context_.run();
    kill_group();
    return std::move(outcome_);
  }

 private:
  using Buffer = std::array<char, 64 * 1024>;

  static std::string found(const std::string& program) {
    if (program.find('/') != std::string::npos) return program;
    return process::search_path(program).string();
  }

  void start(const std::string& program, const Command& command) {
    const auto limit_memory = [bytes = limits_.memory_bytes](auto&) {
      if (bytes == 0) return;
      const rlimit limit{bytes, bytes};
      ::setrlimit(RLIMIT_AS, &limit);
    };
    child_ = process::child(
        process::exe = program, process::args = command.arguments,
        process::start_dir = command.folder.empty() ? std::string(".") : command.folder,
        (process::std_in < process::null), (process::std_out > out_), (process::std_err > err_),
        group_, process::extend::on_exec_setup = limit_memory, context_,
        process::on_exit = [this](int, const std::error_code&) { exited(); });
  }

  void read(process::async_pipe& pipe, std::string& text, Buffer& buffer) {
    ++open_pipes_;
    read_more(pipe, text, buffer);
  }

  void read_more(process::async_pipe& pipe, std::string& text, Buffer& buffer) {
    pipe.async_read_some(
        boost::asio::buffer(buffer), [&, this](const boost::system::error_code& error, std::size_t n) {
          const std::size_t room = limits_.output_bytes - text.size();
          text.append(buffer.data(), std::min(n, room));
          if (n > room) stop(Outcome::End::output_limit);
          if (!error) return read_more(pipe, text, buffer);
          if (--open_pipes_ == 0 && exited_) timer_.cancel();
        });
  }

  void exited() {
    exited_ = true;
    const int status = child_.native_exit_code();
    const bool by_signal = WIFSIGNALED(status);
    outcome_.code = by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
    if (outcome_.end == Outcome::End::exited && by_signal) {
      outcome_.end = Outcome::End::killed_by_signal;
    }
    if (open_pipes_ == 0) {
      timer_.cancel();
      return;
    }
    timer_.expires_after(after_exit);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      kill_group();
      boost::system::error_code ignored;
      out_.close(ignored);  // a grandchild that left the group could keep them open for ever
      err_.close(ignored);
    });
  }

  void stop(Outcome::End why) {
    if (outcome_.end == Outcome::End::exited) outcome_.end = why;
    kill_group();
  }

  // Fails when nobody of the group is left, which is what we want.
  void kill_group() { ::killpg(group_.native_handle(), SIGKILL); }

  const Limits limits_;
  boost::asio::io_context context_;
  boost::asio::steady_timer timer_{context_};
  process::async_pipe out_{context_};
  process::async_pipe err_{context_};
  process::group group_;
  process::child child_;
  Buffer out_buffer_{};
  Buffer err_buffer_{};
  int open_pipes_ = 0;
  bool exited_ = false;
  Outcome outcome_;
};

}  // namespace

base::Result<Outcome> run_child(const Command& command, const Limits& limits) {
  return std::make_unique<Run>(limits)->operator()(command);
}

std::string describe(const Outcome& outcome, const Limits& limits) {
  switch (outcome.end) {
    case Outcome::End::exited: return "exited with " + std::to_string(outcome.code);
    case Outcome::End::killed_by_signal: return "was killed by signal " + std::to_string(outcome.code);
    case Outcome::End::time_limit:
      return "did not end within " + std::to_string(limits.time.count() / 1000) + " s";
    case Outcome::End::output_limit:
      return "wrote more than " + std::to_string(limits.output_bytes) + " bytes";
  }
  return {};
}

}  // namespace escudo::harness
