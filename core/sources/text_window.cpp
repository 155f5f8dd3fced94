// Tested by tests/unit/sources/text_window.cpp.

#include "sources/text_window.hpp"

#include <cstring>

#include "base/utf16.hpp"

namespace escudo::sources {
namespace {

std::string_view view(const std::vector<char>& bytes, std::size_t from, std::size_t size) {
  return {bytes.data() + from, size - from};
}

}  // namespace

TextStart text_start(std::string_view head) {
  const auto starts = [&](std::string_view bytes) { return head.starts_with(bytes); };
  if (starts("\xEF\xBB\xBF")) return {TextEncoding::utf8, 3};
  if (starts("\xFF\xFE")) return {TextEncoding::utf16_le, 2};
  if (starts("\xFE\xFF")) return {TextEncoding::utf16_be, 2};
  for (char first : {'<', '{', '['}) {
    if (starts(std::string_view{&first, 1}) && head.size() > 3 && head[1] == 0 && head[3] == 0) {
      return {TextEncoding::utf16_le, 0};
    }
    if (head.size() > 3 && head[0] == 0 && head[1] == first && head[2] == 0) {
      return {TextEncoding::utf16_be, 0};
    }
  }
  return {};
}

TextWindow::TextWindow(std::unique_ptr<Bytes> bytes, std::size_t block_bytes)
    : bytes_(std::move(bytes)), buffer_(block_bytes + padding), block_(block_bytes) {}

bool TextWindow::more() {
  while (!ended_) {
    auto got = bytes_->read(block_.data(), block_.size());
    if (!got) failure_ = got.error();
    if (!got || *got == 0) {
      ended_ = true;
      half_character_ = !left_.empty();
      return false;
    }
    bytes_read_ += *got;
    std::size_t skip = 0;
    if (!started_) {
      const TextStart start = text_start(view(block_, 0, *got));
      encoding_ = start.encoding;
      skip = start.mark_bytes;
      started_ = true;
    }
    const std::size_t before = end_ - begin_;
    if (encoding_ == TextEncoding::utf8) {
      append(view(block_, skip, *got));
    } else {
      append_utf16(view(block_, skip, *got));
    }
    if (end_ - begin_ > before) return true;
  }
  return false;
}

void TextWindow::append(std::string_view text) {
  const std::size_t kept = end_ - begin_;
  if (end_ + text.size() + padding > buffer_.size()) {
    if (kept + text.size() + padding > buffer_.size()) {
      std::vector<char> larger(2 * (kept + text.size()) + padding);
      std::memcpy(larger.data(), buffer_.data() + begin_, kept);
      buffer_.swap(larger);
    } else {
      std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
    }
    begin_ = 0;
    end_ = kept;
  }
  std::memcpy(buffer_.data() + end_, text.data(), text.size());
  end_ += text.size();
}

void TextWindow::append_utf16(std::string_view block) {
  left_.append(block);
  std::size_t whole = left_.size() & ~std::size_t{1};
  // A high surrogate waits for the low one that may begin the next block.
  const std::size_t high_byte = encoding_ == TextEncoding::utf16_le ? 1 : 0;
  if (whole >= 2 && (static_cast<unsigned char>(left_[whole - 2 + high_byte]) & 0xFC) == 0xD8) {
    whole -= 2;
  }
  converted_.clear();
  base::utf16_to_utf8(std::string_view(left_).substr(0, whole), encoding_ == TextEncoding::utf16_le,
                      converted_);
  left_.erase(0, whole);
  append(converted_);
}

}  // namespace escudo::sources
