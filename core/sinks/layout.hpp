#pragma once
// Text for people: folding, padding, counting, colour. Private to sinks; pure functions.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::sinks {

// `text` in lines of at most `width` columns, broken at blanks if there are any. Width 0: one line.
std::vector<std::string> fold(std::string_view text, int width);
// At most `width` columns of `text`; what is cut off is told: "abc … (12 more)".
std::string shortened(const std::string& text, int width);
std::string pad_right(std::string text, int width);
std::string pad_left(std::string text, int width);

std::string grouped(std::uint64_t number);                         // "8,255"
std::string counted(std::uint64_t number, std::string_view noun);  // "1 file", "8,255 files"
std::string byte_count(std::uint64_t bytes);                       // "36.2 MB", powers of ten
std::string duration(double seconds);  // "0.84 s", "2 min 5 s", "1 h 4 min"

// Terminal colours; as it is when off.
class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string bold(std::string_view text) const { return in("1", text); }
  std::string dim(std::string_view text) const { return in("2", text); }
  std::string red(std::string_view text) const { return in("31", text); }
  // Splunk's severities: up to 20 informational, 40 low, 60 medium, 80 high, then critical.
  std::string score(double score, std::string_view text) const;

 private:
  std::string in(const char* code, std::string_view text) const;
  bool on_;
};

}  // namespace escudo::sinks
