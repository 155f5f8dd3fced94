// A pattern is its literal pieces: the first and the last may be tied to the value's ends, those
// between are found from left to right, each at its first place (a later one never helps). The
// search is Knuth, Morris and Pratt's, because pattern and value may both come from an attacker.

#include "base/wildcard.hpp"

#include <array>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace escudo::base {
namespace {

using Bytes = std::array<char, 256>;
constexpr Bytes lowered = [] {
  Bytes t{};
  for (int c = 0; c < 256; ++c) t[static_cast<std::size_t>(c)] = ascii_lower(static_cast<char>(c));
  return t;
}();
constexpr Bytes same = [] {
  Bytes t{};
  for (int c = 0; c < 256; ++c) t[static_cast<std::size_t>(c)] = static_cast<char>(c);
  return t;
}();

std::vector<std::uint32_t> fallback_of(std::string_view piece) {
  std::vector<std::uint32_t> fallback(piece.size(), 0);
  std::uint32_t matched = 0;
  for (std::size_t i = 1; i < piece.size(); ++i) {
    while (matched > 0 && piece[i] != piece[matched]) matched = fallback[matched - 1];
    if (piece[i] == piece[matched]) ++matched;
    fallback[i] = matched;
  }
  return fallback;
}

}  // namespace

WildcardPattern::WildcardPattern(std::string_view pattern, Case letters)
    : text_(pattern),
      letters_(letters),
      exact_(pattern.find('*') == std::string_view::npos),
      open_start_(pattern.starts_with('*')),
      open_end_(pattern.ends_with('*')),
      ascii_(is_ascii(pattern)),
      fold_bytes_(letters == Case::ignored && ascii_) {
  const std::string folded = letters == Case::ignored ? fold_case(pattern) : text_;
  for (const std::string_view piece : split(folded, '*')) {
    if (!piece.empty()) pieces_.emplace_back(piece);
  }
  const std::size_t first = open_start_ ? 0 : 1;
  const std::size_t tied_end = open_end_ ? 0 : 1;
  fallbacks_.resize(pieces_.size());
  for (std::size_t i = first; i + tied_end < pieces_.size(); ++i) {
    fallbacks_[i] = fallback_of(pieces_[i]);
  }
}

bool WildcardPattern::matches(std::string_view value) const {
  if (letters_ == Case::kept || ascii_) return matches_folded(value);
  // The pattern has a letter beyond ASCII, and only such a letter can match it.
  if (is_ascii(value)) return false;
  return matches_folded(fold_case(value));
}

bool WildcardPattern::matches_folded(std::string_view value) const {
  if (pieces_.empty()) return !exact_ || value.empty();
  if (exact_) return value.size() == pieces_.front().size() && equal(value, pieces_.front());
  std::size_t first = 0, last = pieces_.size();
  if (!open_start_) {
    const std::string& piece = pieces_[first++];
    if (value.size() < piece.size() || !equal(value.substr(0, piece.size()), piece)) return false;
    value.remove_prefix(piece.size());
  }
  if (!open_end_) {
    const std::string& piece = pieces_[--last];
    if (value.size() < piece.size()) return false;
    if (!equal(value.substr(value.size() - piece.size()), piece)) return false;
    value.remove_suffix(piece.size());
  }
  std::size_t at = 0;
  for (std::size_t i = first; i < last; ++i) {
    at = find(value, at, i);
    if (at == std::string_view::npos) return false;
  }
  return true;
}

bool WildcardPattern::equal(std::string_view value, const std::string& piece) const {
  if (!fold_bytes_) return value == piece;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (lowered[static_cast<unsigned char>(value[i])] != piece[i]) return false;
  }
  return true;
}

// Where the first occurrence of a piece at or after `from` ends.
std::size_t WildcardPattern::find(std::string_view value, std::size_t from,
                                  std::size_t index) const {
  const std::string& piece = pieces_[index];
  const std::vector<std::uint32_t>& fallback = fallbacks_[index];
  const Bytes& byte = fold_bytes_ ? lowered : same;
  std::uint32_t matched = 0;
  for (std::size_t i = from; i < value.size(); ++i) {
    const char c = byte[static_cast<unsigned char>(value[i])];
    if (matched == 0) {
      if (value.size() - i < piece.size()) break;
      if (c != piece[0]) continue;
    }
    while (matched > 0 && c != piece[matched]) matched = fallback[matched - 1];
    if (c == piece[matched]) ++matched;
    if (matched == piece.size()) return i + 1;
  }
  return std::string_view::npos;
}

}  // namespace escudo::base
