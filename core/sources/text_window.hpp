#pragma once
// TextWindow: a stream of bytes as UTF-8 text, of which a part is in memory: what a splitter works
// on.
//
// UTF-8 with or without BOM as it stands; UTF-16 (BOM, or recognised by its first character) is
// converted. Memory: the part not yet consumed and one block more.
// Lifetime: views are valid until the next more() or consume(). Threads: none.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sources/bytes.hpp"

namespace escudo::sources {

enum class TextEncoding { utf8, utf16_le, utf16_be };

// What the first bytes say: the encoding and how long its byte order mark is.
struct TextStart {
  TextEncoding encoding = TextEncoding::utf8;
  std::size_t mark_bytes = 0;
};
TextStart text_start(std::string_view head);

class TextWindow {
 public:
  // Tests choose small blocks, so that every place is once the end of one.
  explicit TextWindow(std::unique_ptr<Bytes> bytes, std::size_t block_bytes = 256 * 1024);

  std::string_view text() const { return {buffer_.data() + begin_, end_ - begin_}; }
  // Drops `n` bytes from the front.
  void consume(std::size_t n) { begin_ += n; }
  // Brings more text behind what is there. False at the end, and after a failure.
  bool more();
  bool at_end() const { return ended_; }

  std::uint64_t bytes_read() const { return bytes_read_; }  // of the stream, before conversion
  const std::string& failure() const { return failure_; }   // empty: none
  // The input ends within a UTF-16 character.
  bool ends_in_half_a_character() const { return half_character_; }

  // This many bytes behind the text may be read (not written), as simdjson wants it.
  static constexpr std::size_t padding = 64;

 private:
  void append(std::string_view text);
  void append_utf16(std::string_view block);

  std::unique_ptr<Bytes> bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::vector<char> block_;
  TextEncoding encoding_ = TextEncoding::utf8;
  std::string left_;  // UTF-16 bytes whose character is not whole yet
  std::string converted_;
  bool started_ = false, ended_ = false, half_character_ = false;
  std::uint64_t bytes_read_ = 0;
  std::string failure_;
};

}  // namespace escudo::sources
