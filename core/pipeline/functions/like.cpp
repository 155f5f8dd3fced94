#include "pipeline/functions/like.hpp"

#include "base/utf8.hpp"

namespace escudo::pipeline {

LikePattern::LikePattern(std::string_view pattern) : pieces_(1) {
  pieces_.back().literals.emplace_back();
  for (const char c : pattern) {
    if (c == '%') {
      pieces_.emplace_back();
      pieces_.back().literals.emplace_back();
    } else if (c == '_') {
      pieces_.back().literals.emplace_back();
    } else {
      pieces_.back().literals.back() += c;
    }
  }
}

// How many bytes from `at` the piece matches, or npos.
std::size_t LikePattern::length_at(const Piece& piece, std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (std::size_t k = 0; k < piece.literals.size(); ++k) {
    if (k > 0) {
      if (end >= text.size()) return npos;
      end += base::decode_utf8(text, end).bytes;
    }
    const std::string& literal = piece.literals[k];
    if (text.substr(end, literal.size()) != literal) return npos;
    end += literal.size();
  }
  return end - at;
}

// The end of the first match at or after `from`, or npos.
std::size_t LikePattern::find_end(const Piece& piece, std::string_view text, std::size_t from) {
  for (std::size_t at = from; at <= text.size();) {
    const std::string& first = piece.literals.front();
    at = text.find(first, at);
    if (at == npos) return npos;
    if (const std::size_t length = length_at(piece, text, at); length != npos) return at + length;
    at += at < text.size() ? base::decode_utf8(text, at).bytes : 1;
  }
  return npos;
}

// Whether the piece matches the end of the text, beginning at or after `from`.
bool LikePattern::ends_with(const Piece& piece, std::string_view text, std::size_t from) {
  if (piece.literals.size() == 1)
    return text.size() - from >= piece.literals[0].size() && text.ends_with(piece.literals[0]);
  // Back over as many characters as the piece has: each _ is one, each literal its bytes.
  std::size_t at = text.size();
  for (std::size_t k = piece.literals.size(); k-- > 0;) {
    const std::string& literal = piece.literals[k];
    if (at < from + literal.size()) return false;
    at -= literal.size();
    if (k > 0) {
      if (at <= from) return false;
      std::size_t start = at - 1;
      while (start > from && at - start < 4 &&
             (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
        --start;
      const base::Utf8Char c = base::decode_utf8(text, start);
      at = c.valid && start + c.bytes == at ? start : at - 1;
    }
  }
  return length_at(piece, text, at) == text.size() - at;
}

bool LikePattern::matches(std::string_view text) const {
  const Piece& first = pieces_.front();
  const std::size_t begin = length_at(first, text, 0);
  if (begin == npos) return false;
  if (pieces_.size() == 1) return begin == text.size();
  std::size_t at = begin;
  for (std::size_t k = 1; k + 1 < pieces_.size(); ++k) {
    if (pieces_[k].empty()) continue;
    at = find_end(pieces_[k], text, at);
    if (at == npos) return false;
  }
  return pieces_.back().empty() || ends_with(pieces_.back(), text, at);
}

}  // namespace escudo::pipeline
