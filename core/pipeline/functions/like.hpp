#pragma once
// LikePattern: % is any run of characters (newlines too), _ is one character, everything else is
// itself, with case. The whole text must match. Immutable, so any thread may match; time is at
// worst the product of both lengths.

#include <string>
#include <string_view>
#include <vector>

namespace escudo::pipeline {

class LikePattern {
 public:
  explicit LikePattern(std::string_view pattern);
  bool matches(std::string_view text) const;

 private:
  // What stands between two %: literal texts with one character each between them.
  struct Piece {
    std::vector<std::string> literals;  // "a_b" is {"a", "b"}
    bool empty() const { return literals.size() == 1 && literals.front().empty(); }
  };
  static constexpr std::size_t npos = std::string_view::npos;
  static std::size_t length_at(const Piece& piece, std::string_view text, std::size_t at);
  static std::size_t find_end(const Piece& piece, std::string_view text, std::size_t from);
  static bool ends_with(const Piece& piece, std::string_view text, std::size_t from);
  std::vector<Piece> pieces_;  // at least one
};

}  // namespace escudo::pipeline
