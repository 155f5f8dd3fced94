// Standard output and strings.

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "sinks/os.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {
namespace {

class StandardOutput final : public Output {
 public:
  StandardOutput() { os::make_stdout_binary(); }

  void write(std::string_view bytes) override {
    if (error_) return;
    errno = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) remember();
  }

  base::Result<void> finish() override {
    errno = 0;
    if (!error_ && std::fflush(stdout) != 0) remember();
    if (!error_) return {};
    return base::Error{"cannot write to standard output: " + error_.message()};
  }

 private:
  void remember() {
    error_ = errno ? std::error_code(errno, std::generic_category())
                   : std::make_error_code(std::errc::io_error);
  }
  std::error_code error_;
};

class StringOutput final : public Output {
 public:
  explicit StringOutput(std::string& into) : into_(into) {}
  void write(std::string_view bytes) override { into_ += bytes; }
  base::Result<void> finish() override { return {}; }

 private:
  std::string& into_;
};

}  // namespace

std::unique_ptr<Output> standard_output() { return std::make_unique<StandardOutput>(); }

std::unique_ptr<Output> string_output(std::string& into) {
  return std::make_unique<StringOutput>(into);
}

}  // namespace escudo::sinks
