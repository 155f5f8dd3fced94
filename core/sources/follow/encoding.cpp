// Tested by tests/unit/sources/follow.cpp.
#include "sources/follow/encoding.hpp"

#include <algorithm>

#include "base/utf16.hpp"

namespace escudo::sources::follow {
namespace {

constexpr std::size_t kNearEnd = 512 * 1024;

std::string decode_utf16(std::string_view bytes, bool little_endian) {
  bytes = bytes.substr(0, bytes.size() / 2 * 2);
  if (!bytes.empty()) {
    const auto high = static_cast<unsigned char>(bytes[bytes.size() - (little_endian ? 1 : 2)]);
    if (high >= 0xD8 && high < 0xDC) bytes.remove_suffix(2);   // its other half is not there yet
  }
  std::string out;
  base::utf16_to_utf8(bytes, little_endian, out);
  return out;
}

// How many bytes of UTF-16 became this text.
std::size_t utf16_bytes(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 || byte >= 0xC0) units += byte >= 0xF0 ? 2 : 1;
  }
  return units * 2;
}

}  // namespace

base::Result<bool> Encoding::know(OpenFile& file, std::uint64_t size) {
  if (start_) return true;
  if (size < 4) return false;
  std::string head(4, '\0');
  const auto got = file.read_at(0, head.data(), head.size());
  if (!got.ok()) return base::Error{got.error()};
  start_ = text_start(head);
  return true;
}

void Encoding::decode(std::string& block, std::uint64_t offset) const {
  if (!is_utf16()) return;
  const std::size_t mark = std::min(mark_bytes(offset), block.size());
  block = decode_utf16(std::string_view(block).substr(mark), start_->encoding == TextEncoding::utf16_le);
}

std::size_t Encoding::bytes_of(std::string_view text, std::uint64_t offset) const {
  return is_utf16() ? mark_bytes(offset) + utf16_bytes(text) : text.size();
}

std::uint64_t Encoding::size_of_lines(OpenFile& file, std::uint64_t size) {
  (void)know(file, size);   // an error comes again when the file is read
  if (is_utf16()) size = size / 2 * 2;
  std::string end(std::min<std::uint64_t>(size, kNearEnd), '\0');
  const std::uint64_t offset = size - end.size();
  const auto got = file.read_at(offset, end.data(), end.size());
  if (!got.ok()) return size;
  end.resize(got.value());
  decode(end, offset);
  const std::size_t line = end.rfind('\n');
  return line == std::string::npos ? size : offset + bytes_of(std::string_view(end).substr(0, line + 1), offset);
}

}  // namespace escudo::sources::follow
