// Reads a pattern as PCRE2 does, as far as it takes to know which parenthesis opens a group.
// Tested against PCRE2 itself by tests/unit/pipeline/named_groups_test.cpp.
#include "spl/named_groups.hpp"

#include <algorithm>

namespace escudo::spl {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view pattern) : text_(pattern) {}

  std::vector<std::string> read() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\') escape();
      else if (c == '[') char_class();
      else if (c == '(') open();
      else if (c == ')') close();
      else if (c == '#' && extended_) skip_past("\n", at_ + 1);
      else ++at_;
    }
    return std::move(names_);
  }

 private:
  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip_past(std::string_view what, std::size_t from) {
    const std::size_t found = text_.find(what, std::min(from, text_.size()));
    at_ = found == std::string_view::npos ? text_.size() : found + what.size();
  }

  void escape() {
    if (peek(1) == 'Q') skip_past("\\E", at_ + 2);
    else at_ += peek(1) == 'c' ? 3 : 2;   // \c( is a control character
  }

  // Nothing within is a group. A ] that stands first is a member.
  void char_class() {
    ++at_;
    for (bool negated = false; at_ < text_.size();) {
      if (peek(0) == '\\' && peek(1) == 'E') at_ += 2;
      else if (text_.substr(at_).starts_with("\\Q\\E")) at_ += 4;
      else if (peek(0) == '^' && !negated) negated = true, ++at_;
      else break;
    }
    if (peek(0) == ']') ++at_;
    while (at_ < text_.size() && text_[at_] != ']') {
      if (text_[at_] == '\\') escape();
      else if (text_[at_] == '[') at_ = end_of_posix();
      else ++at_;
    }
    ++at_;
  }
  // Behind [:alpha:], or behind a mere [.
  std::size_t end_of_posix() const {
    const char mark = peek(1);
    if (mark != ':' && mark != '.' && mark != '=') return at_ + 1;
    for (std::size_t k = at_ + 2; k + 1 < text_.size(); ++k) {
      if (text_[k] == '\\' && (text_[k + 1] == ']' || text_[k + 1] == '\\')) ++k;
      else if (text_[k] == ']' || (text_[k] == '[' && text_[k + 1] == mark)) break;
      else if (text_[k] == mark && text_[k + 1] == ']') return k + 2;
    }
    return at_ + 1;
  }

  void open() {
    const char next = peek(1);
    // (*VERB:text); small letters are groups of another spelling, as in (*pla:…).
    if (next == '*' && (peek(2) == ':' || (peek(2) >= 'A' && peek(2) <= 'Z'))) return skip_past(")", at_);
    if (next != '?') {
      outer_.push_back(extended_);
      ++at_;
      return;
    }
    if (peek(2) == '#') return skip_past(")", at_);
    if (peek(2) == 'C') return callout();
    outer_.push_back(extended_);
    at_ += 2;
    if (peek(0) == 'P' && peek(1) == '<') ++at_;
    if (peek(0) == '<' && peek(1) != '=' && peek(1) != '!' && peek(1) != '*') return name('>');
    if (peek(0) == '\'') return name('\'');
    options();
  }
  void name(char end) {
    const std::size_t begin = at_ + 1, close = text_.find(end, begin);
    if (close == std::string_view::npos) return;
    const std::string name(text_.substr(begin, close - begin));
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
    at_ = close + 1;
  }
  // (?C1), (?C"text"): a doubled mark is one of the text.
  void callout() {
    at_ += 3;
    const char mark = peek(0);
    if (std::string_view("`'\"^%#${").find(mark) != std::string_view::npos && mark != '\0') {
      const char end = mark == '{' ? '}' : mark;
      for (++at_; at_ < text_.size(); ++at_) {
        if (text_[at_] != end) continue;
        if (peek(1) != end) break;
        ++at_;
      }
    }
    skip_past(")", at_);
  }
  // (?x) holds to the end of the group around it, (?x: … ) within its own.
  void options() {
    bool extended = extended_, on = true;
    std::size_t k = at_;
    if (k < text_.size() && text_[k] == '^') extended = false, ++k;
    for (; k < text_.size(); ++k) {
      const char c = text_[k];
      if (c == '-') on = false;
      else if (c == 'x') extended = on;
      else if (std::string_view("imsnJUarDSWTP").find(c) == std::string_view::npos) break;
    }
    if (k >= text_.size() || (text_[k] != ')' && text_[k] != ':')) return;
    if (text_[k] == ')') outer_.pop_back();   // no group at all
    extended_ = extended;
    at_ = k + 1;
  }
  void close() {
    if (!outer_.empty()) {
      extended_ = outer_.back();
      outer_.pop_back();
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool extended_ = false;         // spaces and #comments do not count
  std::vector<bool> outer_;       // the same of the groups around
  std::vector<std::string> names_;
};

}  // namespace

std::vector<std::string> named_groups(std::string_view pattern) { return Reader(pattern).read(); }

}  // namespace escudo::spl
