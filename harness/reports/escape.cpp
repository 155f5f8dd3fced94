#include "harness/reports/escape.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "base/json.hpp"
#include "base/text.hpp"

namespace escudo::harness {
namespace {

bool is_word(char c) {
  return base::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string hex(unsigned char c) {
  static constexpr char digits[] = "0123456789ABCDEF";
  return {'%', digits[c >> 4], digits[c & 15]};
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// Folders without links, as git names them; the file itself may be one.
std::filesystem::path in_real_folder(const std::filesystem::path& path) {
  std::error_code error;
  auto out = std::filesystem::absolute(path, error).lexically_normal();
  if (error) return path;
  const auto folder = std::filesystem::weakly_canonical(out.parent_path(), error);
  return error ? out : folder / out.filename();
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string flat(text);
  std::ranges::replace_if(
      flat, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return base::harmless(flat);
}

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : one_line(text)) {
    // As references, not backslashes: a table's cell and HTML blocks read those alike.
    if (is_word(c) || c == ' ' || c == ',' || c == '/' || static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    } else if (c == '.' || c == '(' || c == ')' || c == '-' || c == '\'' || c == ';' || c == '%' ||
               c == '+') {
      out += c;
    } else {
      out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  // Within a code span of a table a bar still ends the cell, so HTML's own element is used.
  std::string out = "<code>";
  out += markdown_text(text);
  return out + "</code>";
}

std::string markdown_block(std::string_view text) {
  const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  std::string out = fence + "text\n";
  for (const auto line : base::split(text, '\n')) {
    if (!line.empty()) out += base::harmless(line) + "\n";
  }
  return out + fence + "\n";
}

std::string github_data(std::string_view text) {
  std::string out;
  for (const auto line : base::split(text, '\n')) {
    if (!out.empty()) out += "%0A";
    for (const char c : base::harmless(line))
      out += c == '%' ? std::string("%25") : std::string(1, c);
  }
  return out;
}

std::string github_property(std::string_view text) {
  std::string out;
  for (const char c : github_data(one_line(text))) {
    out += c == ':' ? std::string("%3A") : c == ',' ? std::string("%2C") : std::string(1, c);
  }
  return out;
}

std::string yaml_text(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);  // JSON strings are YAML's double-quoted ones
  return out;
}

std::string below(const std::string& root, const std::string& path) {
  // With something below it, the root itself is a folder like the others.
  const auto from = in_real_folder(std::filesystem::path(root) / "x").parent_path();
  const auto to = in_real_folder(path);
  const auto relative = to.lexically_relative(from);
  const auto text = relative.generic_string();
  return text.empty() || text.starts_with("..") ? to.generic_string() : text;
}

std::string uri_path(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = is_word(c) || std::string_view("-._~/").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : hex(static_cast<unsigned char>(c));
  }
  return out;
}

std::string duration(double seconds) {
  char text[32];
  if (seconds < 0.9995)
    std::snprintf(text, sizeof text, "%.0f ms", seconds * 1000);
  else
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

std::string counted(std::uint64_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

}  // namespace escudo::harness
