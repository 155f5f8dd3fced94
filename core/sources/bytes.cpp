// Tested by tests/unit/sources/bytes.cpp.

#include "sources/bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "sources/os.hpp"

namespace escudo::sources {
namespace {

namespace fs = std::filesystem;

base::Error last_error(const char* what) {
  const int code = errno ? errno : EIO;
  return {std::string(what) + ": " + std::generic_category().message(code)};
}

// What a file stream delivers from where it stands.
base::Result<std::size_t> read_stream(std::istream& in, char* to, std::size_t size) {
  errno = 0;
  in.read(to, static_cast<std::streamsize>(size));
  const auto got = static_cast<std::size_t>(in.gcount());
  if (in.bad()) return last_error("cannot be read");
  in.clear();  // the end of the file is no failure, and a later read_at() may go back
  return got;
}

base::Result<std::size_t> read_stream_at(std::istream& in, std::uint64_t offset, char* to,
                                         std::size_t size) {
  errno = 0;
  in.seekg(static_cast<std::streamoff>(offset));
  if (!in) {
    in.clear();
    return last_error("cannot be read");
  }
  return read_stream(in, to, size);
}

class FileBytes final : public RandomBytes {
 public:
  FileBytes(std::ifstream in, std::uint64_t size, Progress* progress)
      : in_(std::move(in)), size_(size), progress_(progress) {}

  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    if (offset >= size_) return std::size_t{0};
    if (offset == at_) {  // seeking would throw away the stream's buffer
      auto got = read_stream(in_, to, size);
      if (got) at_ += *got;
      return got;
    }
    auto got = read_stream_at(in_, offset, to, size);
    at_ = got ? offset + *got : UINT64_MAX;
    return got;
  }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    auto got = RandomBytes::read(to, size);
    if (got && progress_) progress_->add(*got);
    return got;
  }

 private:
  std::ifstream in_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  Progress* progress_;
};

class PipeBytes final : public Bytes {
 public:
  PipeBytes(std::ifstream in, Progress* progress) : in_(std::move(in)), progress_(progress) {}
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    auto got = read_stream(in_, to, size);
    if (got && progress_) progress_->add(*got);
    return got;
  }

 private:
  std::ifstream in_;
  Progress* progress_;
};

class StandardInput final : public Bytes {
 public:
  explicit StandardInput(Progress* progress) : progress_(progress) {}
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    std::size_t total = 0;
    while (total < size) {
      auto got = read_standard_input(to + total, size - total);
      if (!got) return got;
      if (*got == 0) break;
      total += *got;
    }
    if (progress_) progress_->add(total);
    return total;
  }

 private:
  Progress* progress_;
};

class MemoryBytes final : public RandomBytes {
 public:
  MemoryBytes(std::string bytes, Progress* progress)
      : bytes_(std::move(bytes)), progress_(progress) {}
  std::uint64_t size() const override { return bytes_.size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const std::size_t n = std::min<std::size_t>(size, bytes_.size() - offset);
    std::memcpy(to, bytes_.data() + offset, n);
    return n;
  }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    auto got = RandomBytes::read(to, size);
    if (got && progress_) progress_->add(*got);
    return got;
  }

 private:
  std::string bytes_;
  Progress* progress_;
};

class SpooledBytes final : public RandomBytes {
 public:
  SpooledBytes(std::unique_ptr<TemporaryFile> file, std::uint64_t size)
      : file_(std::move(file)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t size) override {
    if (offset >= size_) return std::size_t{0};
    return read_stream_at(file_->stream, offset, to, size);
  }

 private:
  std::unique_ptr<TemporaryFile> file_;
  std::uint64_t size_;
};

// Bytes that were looked at, then the rest.
class PeekedBytes final : public Bytes {
 public:
  PeekedBytes(std::string head, std::unique_ptr<Bytes> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    const std::size_t from_head = std::min(size, head_.size() - at_);
    std::memcpy(to, head_.data() + at_, from_head);
    at_ += from_head;
    if (from_head == size) return size;
    auto got = rest_->read(to + from_head, size - from_head);
    // A failure behind bytes that are good is told by the next call.
    if (!got) return from_head > 0 ? base::Result<std::size_t>(from_head) : got;
    return from_head + *got;
  }

 private:
  std::string head_;
  std::size_t at_ = 0;
  std::unique_ptr<Bytes> rest_;
};

}  // namespace

base::Result<std::size_t> RandomBytes::read(char* to, std::size_t size) {
  auto got = read_at(at_, to, size);
  if (got) at_ += *got;
  return got;
}

base::Result<std::unique_ptr<Bytes>> open_file(const std::string& path, Progress* progress) {
  const fs::path native(std::u8string(path.begin(), path.end()));
  std::error_code error;
  const fs::file_status status = fs::status(native, error);
  if (status.type() == fs::file_type::not_found) return base::Error{"does not exist"};
  if (error) return base::Error{"cannot be opened: " + error.message()};
  if (status.type() == fs::file_type::directory) return base::Error{"is a folder, not a file"};
  errno = 0;
  std::ifstream in(native, std::ios::binary);
  if (!in) return last_error("cannot be opened");
  if (status.type() != fs::file_type::regular) {
    return std::unique_ptr<Bytes>(new PipeBytes(std::move(in), progress));
  }
  const std::uint64_t size = fs::file_size(native, error);
  if (error) return base::Error{"cannot be opened: " + error.message()};
  return std::unique_ptr<Bytes>(new FileBytes(std::move(in), size, progress));
}

std::unique_ptr<Bytes> standard_input(Progress* progress) {
  return std::make_unique<StandardInput>(progress);
}

std::unique_ptr<RandomBytes> memory_bytes(std::string bytes, Progress* progress) {
  return std::make_unique<MemoryBytes>(std::move(bytes), progress);
}

base::Result<std::string> peek(std::unique_ptr<Bytes>& bytes, std::size_t size) {
  std::string head(size, '\0');
  RandomBytes* random = bytes->random();
  auto got = random ? random->read_at(0, head.data(), size) : bytes->read(head.data(), size);
  if (!got) return base::Error{got.error()};
  head.resize(*got);
  if (!random) bytes = std::make_unique<PeekedBytes>(head, std::move(bytes));
  return head;
}

base::Result<std::unique_ptr<Bytes>> spool(std::unique_ptr<Bytes> bytes, std::uint64_t limit,
                                           std::uint64_t memory_limit) {
  if (bytes->random()) return bytes;
  std::string memory;
  std::unique_ptr<TemporaryFile> file;
  std::vector<char> block(256 * 1024);
  std::uint64_t total = 0;
  for (;;) {
    auto got = bytes->read(block.data(), block.size());
    if (!got) return base::Error{got.error()};
    if (*got == 0) break;
    total += *got;
    if (total > limit) {
      return base::Error{"is larger than " + std::to_string(limit) +
                         " bytes, the limit for what has to be kept to be read (spool_bytes)"};
    }
    if (!file && total > memory_limit) {
      auto made = TemporaryFile::create();
      if (!made) return base::Error{made.error()};
      file = std::move(made).value();
      file->stream.write(memory.data(), static_cast<std::streamsize>(memory.size()));
      memory = {};
    }
    errno = 0;
    if (file) {
      file->stream.write(block.data(), static_cast<std::streamsize>(*got));
      if (!file->stream) return last_error("cannot be kept in a temporary file");
    } else {
      memory.append(block.data(), *got);
    }
  }
  if (!file) return std::unique_ptr<Bytes>(memory_bytes(std::move(memory), nullptr));
  errno = 0;
  file->stream.flush();
  if (!file->stream) return last_error("cannot be kept in a temporary file");
  return std::unique_ptr<Bytes>(new SpooledBytes(std::move(file), total));
}

}  // namespace escudo::sources
