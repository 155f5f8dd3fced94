#pragma once
// Regex: a regular expression of a rule, compiled by PCRE2 (just-in-time where the machine has it).
//
// Patterns and subjects are UTF-8; a subject that is not is matched byte by byte instead of
// failing. Matching is bounded by Limits (match steps, depth): past them a search gives up and says
// so, it never runs away. Whatever gives up counts as "no match" and is worth a warning.
//
// A Regex is immutable and may be shared by threads. A Match is the working memory and the result
// of one search: one a thread, reused from search to search. Its views point into the subject.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "pipeline/operator.hpp"
#include "spl/macro.hpp"

namespace escudo::pipeline {

class Match {
 public:
  Match();
  ~Match();
  Match(Match&&) noexcept;
  Match& operator=(Match&&) noexcept;

  // Of the last search, when it found something. Group 0 is the whole match.
  std::size_t groups() const { return groups_; }   // group 0 included
  bool has(std::size_t group) const;               // the group took part
  std::string_view text(std::size_t group) const;  // "" when it did not
  std::size_t begin(std::size_t group) const;      // has(group)
  std::size_t end(std::size_t group) const;

 private:
  friend class Regex;
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
  std::string_view subject_;
  std::size_t groups_ = 0;
  bool utf8_ = true;  // the subject is UTF-8
};

struct RegexFlags {
  bool caseless = false;
  bool multiline = false;  // ^ and $ match at every line
  bool dot_all = false;    // . matches a newline too
};

class Regex {
 public:
  enum class Found { yes, no, gave_up };
  struct Group {
    std::string name;
    std::size_t number = 0;
  };

  // Fails with "missing closing parenthesis (at character 5)".
  static base::Result<std::shared_ptr<const Regex>> compile(std::string_view pattern,
                                                            const Limits& limits,
                                                            RegexFlags flags = {});
  // The same for a pattern that stands in a search: null after adding the problem `bad-regex`.
  // `where` is the span of the pattern, quotes included; the caret goes to the place in it where
  // that is known.
  static std::shared_ptr<const Regex> compile(std::string_view pattern, const Limits& limits,
                                              base::Span where,
                                              std::vector<spl::TextProblem>& problems,
                                              RegexFlags flags = {});
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  // The first match that begins at or after `from`.
  Found search(std::string_view subject, std::size_t from, Match& match) const;
  Found search(std::string_view subject, Match& match) const { return search(subject, 0, match); }
  // The match after the one `match` holds, which was found in the same subject. Empty matches do
  // not repeat: the search moves on by a character.
  Found next(std::string_view subject, Match& match) const;

  std::size_t groups() const { return groups_; }                     // group 0 included
  const std::vector<Group>& named_groups() const { return named_; }  // by number
  const std::string& pattern() const { return pattern_; }

 private:
  struct Code;
  struct Failure;
  Regex() = default;
  static std::shared_ptr<const Regex> build(std::string_view pattern, const Limits& limits,
                                            RegexFlags flags, Failure& failure);
  Found run(std::string_view subject, std::size_t from, unsigned options, Match& match) const;

  std::string pattern_;
  std::uint32_t match_steps_ = 0, depth_ = 0;
  std::size_t groups_ = 0;
  std::vector<Group> named_;
  std::unique_ptr<Code> code_;
};

// What takes the place of a match: \0 … \9 are groups (one that took no part, or does not exist, is
// empty), everything else stands for itself.
class Replacement {
 public:
  explicit Replacement(std::string_view text);
  void append(std::string& out, const Match& match) const;

 private:
  struct Piece {
    std::string text;
    int group = -1;  // follows the text; -1: none
  };
  std::vector<Piece> pieces_;
};

// `subject` with its matches replaced: all of them, or only the first. When the search gives up,
// what was replaced so far stays and `gave_up` is set.
std::string replace_matches(const Regex& regex, std::string_view subject, const Replacement& by,
                            bool all, Match& match, bool& gave_up);

}  // namespace escudo::pipeline
