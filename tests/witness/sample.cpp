#include "sample.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace escudo::witness {
namespace {

// Reads a pattern as PCRE would and writes a match of it, choosing freely where it may.
class Sampler {
 public:
  Sampler(const std::string& pattern, Random& random,
          const std::map<std::string, std::string>& named)
      : p_(pattern), random_(random), named_(named) {}

  std::string alternatives(int depth) {
    std::vector<std::string> all{sequence(depth)};
    while (at_ < p_.size() && p_[at_] == '|') {
      ++at_;
      all.push_back(sequence(depth));
    }
    return all[random_() % all.size()];
  }

 private:
  std::string sequence(int depth) {
    std::string out;
    while (at_ < p_.size() && p_[at_] != '|' && p_[at_] != ')') {
      const std::size_t begin = at_;
      std::string one = atom(depth);
      const std::size_t after = at_;
      auto [least, most] = quantifier();
      most = std::min(most, least + 2);
      const int times =
          least + static_cast<int>(random_() % static_cast<unsigned>(most - least + 1));
      for (int k = 0; k < times; ++k) {
        if (k > 0) {  // chosen anew each time
          const std::size_t end = at_;
          at_ = begin;
          one = atom(depth);
          at_ = end;
        }
        out += one;
      }
      if (after == begin) break;
    }
    return out;
  }

  std::pair<int, int> quantifier() {
    if (at_ >= p_.size()) return {1, 1};
    std::pair<int, int> out{1, 1};
    const char c = p_[at_];
    if (c == '*')
      out = {0, 3};
    else if (c == '+')
      out = {1, 3};
    else if (c == '?')
      out = {0, 1};
    else if (c == '{' && at_ + 1 < p_.size() && base::is_digit(p_[at_ + 1])) {
      const std::size_t close = p_.find('}', at_);
      const std::string inside = p_.substr(at_ + 1, close - at_ - 1);
      out.first = std::stoi(inside);
      const std::size_t comma = inside.find(',');
      out.second = comma == std::string::npos  ? out.first
                   : comma + 1 < inside.size() ? std::stoi(inside.substr(comma + 1))
                                               : out.first + 2;
      at_ = close;
    } else {
      return out;
    }
    ++at_;
    if (at_ < p_.size() && (p_[at_] == '?' || p_[at_] == '+')) ++at_;  // lazy, possessive
    return out;
  }

  std::string atom(int depth) {
    const char c = p_[at_++];
    switch (c) {
      case '(':
        return group(depth);
      case '[':
        return std::string(1, letter_of(set()));
      case '.':
        return std::string(1, letter_of("abcx7"));
      case '^':
      case '$':
        return "";
      case '\\':
        return escape();
      default:
        return std::string(1, c);
    }
  }

  std::string group(int depth) {
    bool counts = true;
    std::string name;
    if (at_ < p_.size() && p_[at_] == '?') {
      ++at_;
      const std::string_view rest = std::string_view(p_).substr(at_);
      if (rest.starts_with("=") || rest.starts_with("!") || rest.starts_with("<=") ||
          rest.starts_with("<!")) {
        counts = false;
        at_ += rest[0] == '<' ? 2 : 1;
      } else if (rest.starts_with("<") || rest.starts_with("P<")) {
        const std::size_t begin = p_.find('<', at_) + 1;
        at_ = p_.find('>', at_) + 1;
        name = p_.substr(begin, at_ - 1 - begin);
      } else {
        while (at_ < p_.size() && p_[at_] != ':' && p_[at_] != ')') ++at_;  // flags
        if (at_ < p_.size() && p_[at_++] == ')') return "";
      }
    }
    std::string out = depth > 50 ? "" : alternatives(depth + 1);
    if (at_ < p_.size() && p_[at_] == ')') ++at_;
    if (const auto given = named_.find(name); given != named_.end()) out = given->second;
    if (counts) groups_.push_back(out);
    return counts ? out : "";
  }

  std::string escape() {
    const char c = at_ < p_.size() ? p_[at_++] : '\\';
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Z') return "";
    if (base::is_digit(c) && c != '0') {
      const auto n = static_cast<std::size_t>(c - '0');
      return n <= groups_.size() ? groups_[n - 1] : "";
    }
    if (c == 'x' && at_ < p_.size() && p_[at_] == '{') {
      const std::size_t close = p_.find('}', at_);
      std::string out;
      base::append_utf8(out, static_cast<std::uint32_t>(
                                 std::stoul(p_.substr(at_ + 1, close - at_ - 1), nullptr, 16)));
      at_ = close + 1;
      return out;
    }
    if (const std::string set = class_of(c); !set.empty()) return std::string(1, letter_of(set));
    return std::string(1, c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
  }

  static std::string class_of(char c) {
    switch (c) {
      case 'd':
        return "0123456789";
      case 'w':
        return "abcdexyz019";
      case 's':
        return " ";
      case 'D':
        return "abx-";
      case 'W':
        return " -.";
      case 'S':
        return "abx7";
      default:
        return "";
    }
  }

  std::string set() {
    const bool negated = at_ < p_.size() && p_[at_] == '^';
    if (negated) ++at_;
    std::string in;
    for (bool first = true; at_ < p_.size() && (p_[at_] != ']' || first); first = false) {
      char c = p_[at_++];
      if (c == '[' && p_.compare(at_ - 1, 2, "[:") == 0) {
        at_ = p_.find(":]", at_) + 2;
        in += "ab";
        continue;
      }
      if (c == '\\' && at_ < p_.size()) {
        c = p_[at_++];
        if (const std::string set = class_of(c); !set.empty()) {
          in += set;
          continue;
        }
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
      }
      if (at_ + 1 < p_.size() && p_[at_] == '-' && p_[at_ + 1] != ']') {
        const char last = p_[at_ + 1];
        at_ += 2;
        for (int k = c; k <= last; ++k) in += static_cast<char>(k);
      } else {
        in += c;
      }
    }
    ++at_;
    if (!negated) return in.empty() ? "a" : in;
    std::string out;
    for (const char c : std::string("abcxyz019 -._/"))
      if (in.find(c) == std::string::npos) out += c;
    return out.empty() ? "~" : out;
  }

  char letter_of(const std::string& set) { return set[random_() % set.size()]; }

  const std::string& p_;
  Random& random_;
  const std::map<std::string, std::string>& named_;
  std::size_t at_ = 0;
  std::vector<std::string> groups_;
};

}  // namespace

std::string text_found_by(const std::string& pattern, Random& random,
                          const std::map<std::string, std::string>& groups) {
  return Sampler(pattern, random, groups).alternatives(0);
}

std::vector<std::string> texts_for(const std::vector<std::string>& wildcards) {
  std::vector<std::string> out;
  for (const std::string& w : wildcards)
    if (w.find('*') == std::string::npos) return {w};
  for (const char* separator : {"", " ", "x", "\\"})
    for (const char* filler : {"", "x", " "}) {
      std::string begin, end;
      std::vector<std::string> middles;
      for (const std::string& w : wildcards) {
        const std::size_t first = w.find('*'), last = w.rfind('*');
        if (first > begin.size()) begin = w.substr(0, first);
        if (w.size() - last - 1 > end.size()) end = w.substr(last + 1);
        if (first < last) {
          const std::string middle = w.substr(first + 1, last - first - 1);
          if (!middle.empty()) middles.push_back(base::replace_all(middle, "*", filler));
        }
      }
      std::string text = begin;
      for (const std::string& middle : middles) {
        if (!text.empty()) text += separator;
        text += middle;
      }
      if (!end.empty() && !text.empty()) text += separator;
      text += end;
      out.push_back(text);
      // Something beside what is asked for: "*" alone, or a name that is not empty.
      out.push_back(begin + "witness" + text.substr(begin.size()));
      std::reverse(middles.begin(), middles.end());
      std::string other = begin;
      for (const std::string& middle : middles) other += middle + separator;
      out.push_back(other + end);
    }
  return out;
}

}  // namespace escudo::witness
