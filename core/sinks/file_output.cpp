// A file that is either the old one or the whole new one.

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>

#include "sinks/os.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {
namespace {

namespace fs = std::filesystem;

fs::path native(const std::string& path) {
  return fs::path(std::u8string(path.begin(), path.end()));
}

std::string portable(const fs::path& path) {
  const std::u8string s = path.generic_u8string();
  return {s.begin(), s.end()};
}

// Not to be guessed: the folder may be one that others write to.
std::string random_name() {
  std::random_device random;
  std::string out;
  for (int i = 0; i < 16; ++i) out += "0123456789abcdef"[random() % 16];
  return out;
}

class FileOutput final : public Output {
 public:
  // Writes to `temporary`, which becomes `target`; directly to `target` when they are the same.
  FileOutput(fs::path target, fs::path temporary)
      : target_(std::move(target)), temporary_(std::move(temporary)) {
    errno = 0;
    out_.open(temporary_, std::ios::binary | std::ios::trunc);
    if (!out_) remember();
  }
  ~FileOutput() override {
    if (finished_ || in_place()) return;
    out_.close();
    std::error_code ignored;
    fs::remove(temporary_, ignored);
  }

  void write(std::string_view bytes) override {
    if (error_) return;
    errno = 0;
    if (!out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) remember();
  }

  base::Result<void> finish() override {
    errno = 0;
    if (!error_ && out_.is_open()) {
      out_.close();
      if (!out_) remember();
    }
    if (error_) return failure();
    if (finished_ || in_place()) return {};
    std::error_code ignored;  // a file that was there keeps its permissions where that is possible
    const fs::file_status old = fs::status(target_, ignored);
    if (fs::is_regular_file(old)) fs::permissions(temporary_, old.permissions(), ignored);
    auto moved = os::move_into_place(portable(temporary_), portable(target_));
    finished_ = moved.ok();
    return moved;
  }

  bool failed() const { return static_cast<bool>(error_); }
  base::Error failure() const {
    return {"cannot write " + portable(target_) + ": " + error_.message()};
  }

 private:
  bool in_place() const { return target_ == temporary_; }
  void remember() {
    error_ = errno ? std::error_code(errno, std::generic_category())
                   : std::make_error_code(std::errc::io_error);
  }

  fs::path target_, temporary_;
  std::ofstream out_;
  std::error_code error_;
  bool finished_ = false;
};

base::Result<std::unique_ptr<Output>> open_file(const std::string& path) {
  std::error_code error;
  fs::path target = native(path);
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) return base::Error{"cannot write " + path + ": it is a folder"};
  // Through a link the file it points to is replaced, not the link.
  if (fs::exists(status)) {
    const fs::path real = fs::canonical(target, error);
    if (!error) target = real;
  }
  fs::path temporary = target;
  if (!fs::exists(status) || fs::is_regular_file(status)) temporary += ".partial-" + random_name();
  auto out = std::make_unique<FileOutput>(std::move(target), std::move(temporary));
  if (out->failed()) return out->failure();
  return std::unique_ptr<Output>(std::move(out));
}

}  // namespace

base::Result<std::unique_ptr<Output>> file_output(const std::string& path) {
  try {
    return open_file(path);
  } catch (const std::exception& e) {  // a path the platform cannot spell, no memory
    return base::Error{"cannot write " + path + ": " + e.what()};
  }
}

}  // namespace escudo::sinks
