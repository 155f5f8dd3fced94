#pragma once
// A regular expression, by PCRE2 without its just-in-time compiler. Throws Unfit when it is wrong.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter.hpp"

namespace escudo::twin {

class Pattern {
 public:
  struct Group {
    bool took_part = false;
    std::size_t begin = 0, end = 0;
    std::string text;
  };
  using Match = std::vector<Group>;  // group 0 is the whole

  explicit Pattern(const std::string& pattern, bool caseless = false);
  // All matches, one after another, at most `limit` (0: no limit).
  std::vector<Match> matches(const std::string& subject, std::size_t limit = 0) const;
  bool found(const std::string& subject) const { return !matches(subject, 1).empty(); }
  // Name and number of the named groups, by number.
  const std::vector<std::pair<std::string, std::size_t>>& names() const { return names_; }
  // Every match (or the `nth` and those after it; `all` false: only that one) replaced; \N is a group.
  std::string replaced(const std::string& subject, const std::string& with, bool all = true,
                       std::size_t nth = 1) const;

 private:
  std::shared_ptr<void> code_, bytes_;  // as UTF-8, and byte by byte for subjects that are not
  std::vector<std::pair<std::string, std::size_t>> names_;
};

// Patterns compiled before, by text.
const Pattern& pattern(const std::string& text);

}  // namespace escudo::twin
