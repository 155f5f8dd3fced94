#include "sinks/layout.hpp"

#include <cstdio>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace escudo::sinks {
namespace {

// How many bytes of `text` fit into `width` columns, one character at least.
std::size_t fitting(std::string_view text, int width) {
  std::size_t at = 0;
  int used = 0;
  while (at < text.size()) {
    const std::size_t bytes = base::decode_utf8(text, at).bytes;
    used += base::display_width(text.substr(at, bytes));
    if (used > width && at > 0) break;
    at += bytes;
  }
  return at;
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += base::decode_utf8(text, at).bytes;
  return count;
}

std::string fixed(double number, int digits, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f %s", digits, number, unit);
  return text;
}

}  // namespace

std::vector<std::string> fold(std::string_view text, int width) {
  std::vector<std::string> lines;
  while (width > 0) {
    const std::size_t fits = fitting(text, width);
    if (fits == text.size()) break;
    // A blank just past the edge is as good a place to break as one before it.
    std::size_t end = text[fits] == ' ' ? fits : text.rfind(' ', fits - 1);
    if (end == std::string_view::npos || end == 0) end = fits;
    const std::string_view line = base::trim(text.substr(0, end));
    if (!line.empty()) lines.emplace_back(line);
    const std::size_t next = text.find_first_not_of(' ', end);
    if (next == std::string_view::npos) return lines;
    text.remove_prefix(next);
  }
  lines.emplace_back(text);
  return lines;
}

std::string shortened(const std::string& text, int width) {
  const std::size_t fits = fitting(text, width);
  if (fits == text.size()) return text;
  return text.substr(0, fits) + " … (" + grouped(characters(std::string_view(text).substr(fits))) +
         " more)";
}

std::string pad_right(std::string text, int width) {
  const int missing = width - base::display_width(text);
  if (missing > 0) text.append(static_cast<std::size_t>(missing), ' ');
  return text;
}

std::string pad_left(std::string text, int width) {
  const int missing = width - base::display_width(text);
  if (missing > 0) text.insert(0, static_cast<std::size_t>(missing), ' ');
  return text;
}

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, ',');
  return out;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  std::string out = grouped(number) + ' ';
  out += noun;
  if (number == 1) return out;
  if (!noun.ends_with("entity")) return out + 's';
  return out.substr(0, out.size() - 1) + "ies";
}

std::string byte_count(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (size >= 999.95e6) return fixed(size / 1e9, 1, "GB");
  if (size >= 999.95e3) return fixed(size / 1e6, 1, "MB");
  if (bytes >= 1000) return fixed(size / 1e3, 1, "kB");
  return counted(bytes, "byte");
}

std::string duration(double seconds) {
  if (!(seconds >= 0)) seconds = 0;
  if (seconds < 9.995) return fixed(seconds, 2, "s");
  if (seconds < 59.95) return fixed(seconds, 1, "s");
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 3600) {
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  }
  return grouped(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string Paint::in(const char* code, std::string_view text) const {
  if (!on_) return std::string(text);
  std::string out = "\x1b[";
  out += code;
  out += 'm';
  out += text;
  return out + "\x1b[0m";
}

std::string Paint::score(double score, std::string_view text) const {
  if (score > 80) return in("1;31", text);
  if (score > 60) return in("31", text);
  if (score > 40) return in("33", text);
  return in(score > 20 ? "36" : "2", text);
}

}  // namespace escudo::sinks
