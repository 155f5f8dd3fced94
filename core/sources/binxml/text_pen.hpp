#pragma once
// TextPen: room for texts whose size is known only once they are written, cut from a batch's arena
// in blocks.
//
// Lifetime: what is written lives as long as the arena's bytes; start() with each cleared batch.
// Threads: none.

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/arena.hpp"

namespace escudo::sources {

class TextPen {
 public:
  void start(base::Arena& arena) {
    arena_ = &arena;
    at_ = end_ = nullptr;
  }
  // Where up to `most` bytes may be written now; then tell the end by done().
  char* begin(std::size_t most) {
    if (static_cast<std::size_t>(end_ - at_) < most) {
      const std::size_t size = std::max(most, block_bytes);
      at_ = arena_->allocate(size);
      end_ = at_ + size;
    }
    return at_;
  }
  std::string_view done(char* end) {
    const std::string_view text(at_, static_cast<std::size_t>(end - at_));
    at_ = end;
    return text;
  }

 private:
  static constexpr std::size_t block_bytes = 32 * 1024;
  base::Arena* arena_ = nullptr;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace escudo::sources
