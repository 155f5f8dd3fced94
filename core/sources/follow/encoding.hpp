#pragma once
// In which encoding a growing text is written: blocks of it as UTF-8, and how many of its bytes a text was.
// One for each file; an empty one knows nothing yet. Errors: one sentence that does not name the path.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sources/follow/os.hpp"
#include "sources/text_window.hpp"

namespace escudo::sources::follow {

class Encoding {
 public:
  // Asks the first four bytes of the file, once. False while they are not there.
  base::Result<bool> know(OpenFile& file, std::uint64_t size);

  // The block that begins at `offset` in the file, as UTF-8: UTF-16 without its mark, as far as its
  // characters are whole; of UTF-8 the reader takes the mark off.
  void decode(std::string& block, std::uint64_t offset) const;
  // How many bytes of the file became this front of a decoded block.
  std::size_t bytes_of(std::string_view text, std::uint64_t offset) const;

  // Where the last line ends that is whole. All of the file, when none ends near its end.
  std::uint64_t size_of_lines(OpenFile& file, std::uint64_t size);

 private:
  bool is_utf16() const { return start_ && start_->encoding != TextEncoding::utf8; }
  std::size_t mark_bytes(std::uint64_t offset) const { return offset == 0 ? start_->mark_bytes : 0; }

  std::optional<TextStart> start_;
};

}  // namespace escudo::sources::follow
