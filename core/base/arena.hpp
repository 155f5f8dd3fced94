#pragma once
// Arena: a bump allocator for the bytes a batch of events refers to.
//
// Lifetime: what it hands out is valid until clear() or destruction. Not thread-safe.
// clear() keeps one block, so a reused arena stops allocating after the first batches.

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace escudo::base {

class Arena {
 public:
  explicit Arena(std::size_t block_bytes = 64 * 1024) : block_bytes_(block_bytes) {}
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  char* allocate(std::size_t bytes, std::size_t align = 1) {
    std::size_t at = (used_ + align - 1) & ~(align - 1);
    if (blocks_.empty() || at + bytes > blocks_.back().size) {
      grow(bytes + align);
      at = (used_ + align - 1) & ~(align - 1);
    }
    used_ = at + bytes;
    return blocks_.back().data.get() + at;
  }

  std::string_view copy(std::string_view s) {
    if (s.empty()) return {};
    char* p = allocate(s.size());
    std::memcpy(p, s.data(), s.size());
    return {p, s.size()};
  }

  template <class T>
  std::span<T> array(std::size_t n) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (n == 0) return {};
    T* p = reinterpret_cast<T*>(allocate(n * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < n; ++i) new (p + i) T();
    return {p, n};
  }

  void clear() {
    if (blocks_.size() > 1) {
      blocks_.front() = std::move(blocks_.back());
      blocks_.resize(1);
    }
    used_ = 0;
    total_ = blocks_.empty() ? 0 : blocks_.front().size;
  }

  std::size_t bytes_reserved() const { return total_; }

 private:
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };
  void grow(std::size_t at_least) {
    std::size_t size = at_least > block_bytes_ ? at_least : block_bytes_;
    blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    total_ += size;
    used_ = 0;
  }

  std::size_t block_bytes_;
  std::vector<Block> blocks_;
  std::size_t used_ = 0;
  std::size_t total_ = 0;
};

}  // namespace escudo::base
