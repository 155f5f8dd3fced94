// A growing file.
#include <cerrno>
#include <cstring>
#include <fstream>

#include "replay/send.hpp"

namespace escudo::replay {
namespace {

class File final : public Destination {
 public:
  explicit File(std::unique_ptr<std::ofstream> out, std::string path)
      : out_(std::move(out)), path_(std::move(path)) {}

  base::Result<void> send(const Names&, std::string_view raw) override {
    out_->write(raw.data(), static_cast<std::streamsize>(raw.size()));
    out_->put('\n');
    auto done = check();
    if (done) ++held_;
    return done;
  }
  base::Result<void> flush() override {
    out_->flush();
    auto done = check();
    if (done) held_ = 0;
    return done;
  }
  std::uint64_t held() const override { return held_; }

 private:
  base::Result<void> check() const {
    if (!*out_) return base::Error{"cannot write " + path_};
    return {};
  }
  std::unique_ptr<std::ofstream> out_;
  std::string path_;
  std::uint64_t held_ = 0;  // events since the last flush
};

}  // namespace

base::Result<std::unique_ptr<Destination>> file_destination(const std::string& path) {
  errno = 0;
  auto out = std::make_unique<std::ofstream>(path, std::ios::binary | std::ios::app);
  if (!*out) return base::Error{"cannot open " + path + ": " + std::strerror(errno)};
  return std::unique_ptr<Destination>(std::make_unique<File>(std::move(out), path));
}

}  // namespace escudo::replay
