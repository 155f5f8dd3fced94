#pragma once
// Lines: a text window line by line, without line ends, as valid UTF-8.
//
// Lifetime: a line is valid until the next call. Threads: none.

#include <cstdint>
#include <string>
#include <string_view>

#include "sources/text_window.hpp"

namespace escudo::sources {

class Lines {
 public:
  struct Line {
    enum class Kind { text, too_large, end };
    Kind kind = Kind::end;
    std::string_view text;
    std::size_t bytes = 0;  // of the input as UTF-8, line end included
    bool whole = true;      // false for a last line without its line end
  };

  // Longer lines come as `too_large`, without their text.
  Lines(TextWindow& window, std::uint64_t line_bytes) : window_(window), line_bytes_(line_bytes) {}

  Line next();

 private:
  TextWindow& window_;
  std::uint64_t line_bytes_;
  std::size_t drop_ = 0;  // bytes of the previous line, still in the window
  std::string repaired_;
};

}  // namespace escudo::sources
