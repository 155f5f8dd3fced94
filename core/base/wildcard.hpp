#pragma once
// WildcardPattern: a value of a Splunk search. Every '*' stands for any run of characters, none and
// newlines included; nothing else is special and nothing escapes a '*'. The whole value must match.
// Compiled once; immutable, so any thread may match. Time is linear in the value, without
// recursion.
//
// Without regard to case, letters beyond ASCII count as fold_case() has it; an ASCII pattern is
// matched byte by byte and allocates nothing.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::base {

enum class Case { ignored, kept };

class WildcardPattern {
 public:
  WildcardPattern() = default;  // matches the empty value only
  explicit WildcardPattern(std::string_view pattern, Case letters = Case::ignored);

  bool matches(std::string_view value) const;

  bool is_exact() const { return exact_; }                  // no '*'
  bool is_any() const { return !exact_ && pieces_.empty(); }  // nothing but '*': even "" matches

  // The literals between the '*', in order, none of them empty; folded when case is ignored.
  const std::vector<std::string>& pieces() const { return pieces_; }
  bool starts_open() const { return !exact_ && open_start_; }  // begins with '*'
  bool ends_open() const { return !exact_ && open_end_; }      // ends with '*'
  Case letters() const { return letters_; }
  const std::string& text() const { return text_; }         // as it was given

 private:
  bool matches_folded(std::string_view value) const;
  bool equal(std::string_view value, const std::string& piece) const;
  std::size_t find(std::string_view value, std::size_t from, std::size_t piece) const;

  std::string text_;
  Case letters_ = Case::ignored;
  bool exact_ = true;
  bool open_start_ = false, open_end_ = false;
  bool ascii_ = true;        // the pattern has no byte beyond ASCII
  bool fold_bytes_ = true;   // compare ASCII letters without regard to case
  std::vector<std::string> pieces_;
  // Of each piece that is searched for: after a mismatch at i, how much of the piece still matches.
  std::vector<std::vector<std::uint32_t>> fallbacks_;
};

}  // namespace escudo::base
