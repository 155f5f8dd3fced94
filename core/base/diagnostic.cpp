#include "base/diagnostic.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace escudo::base {
namespace {

// A rule's search may stand on one line of many thousands of characters.
constexpr std::size_t longest_kept = 4096;   // bytes of a line that a diagnostic keeps
constexpr std::size_t longest_shown = 160;   // bytes of it that are shown

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// At most `limit` bytes of `line` round `focus`, not cutting a UTF-8 sequence. Returns where it
// begins.
std::size_t cut_round(std::string_view& line, std::size_t focus, std::size_t limit) {
  if (line.size() <= limit) return 0;
  focus = std::min(focus, line.size());
  std::size_t begin = focus < limit / 3 ? 0 : focus - limit / 3;
  begin = std::min(begin, line.size() - limit);
  std::size_t end = begin + limit;
  while (begin < focus && is_continuation(line[begin])) ++begin;
  while (end > focus && end < line.size() && is_continuation(line[end])) --end;
  line = line.substr(begin, end - begin);
  return begin;
}

std::string shown(std::string_view text) {
  std::string one_space_a_tab(text);
  std::ranges::replace(one_space_a_tab, '\t', ' ');
  return harmless(one_space_a_tab);
}

const char* name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "error";
}

// The source line and the line that points into it.
std::string snippet(const Diagnostic& d) {
  std::string_view text = d.excerpt;
  const std::uint32_t first = std::max(d.excerpt_column, 1u);
  std::size_t at = d.column > first ? std::min<std::size_t>(d.column - first, text.size()) : 0;
  const bool cut_before = first > 1;
  const std::size_t before = cut_round(text, at, longest_shown);
  const bool cut_after = before + text.size() < d.excerpt.size();
  at -= before;
  const std::string left = (cut_before || before > 0 ? "… " : "") + shown(text.substr(0, at));
  const std::string marked = shown(text.substr(at, d.width));
  const std::string right = shown(text.substr(std::min(text.size(), at + d.width)));

  const std::string number = std::to_string(d.line);
  std::string out = "  " + number + " | " + left + marked + right + (cut_after ? " …" : "") + "\n";
  if (d.column == 0) return out;
  out.append(number.size() + 2, ' ').append(" | ");
  out.append(static_cast<std::size_t>(display_width(left)), ' ');
  out.append(static_cast<std::size_t>(std::max(1, display_width(marked))), '^').append("\n");
  return out;
}

}  // namespace

std::string Diagnostic::place() const {
  std::string out = harmless(file);
  if (line == 0) return out;
  if (!out.empty()) out += ':';
  out += std::to_string(line);
  if (column != 0) out += ':' + std::to_string(column);
  return out;
}

std::string Diagnostic::render() const {
  std::string out = place();
  if (!out.empty()) out += ": ";
  out += name(severity);
  if (!code.empty()) out += '[' + harmless(code) + ']';
  out += ": " + harmless(message) + '\n';
  if (line != 0 && !excerpt.empty()) out += snippet(*this);
  if (!hint.empty()) out += "  hint: " + harmless(hint) + '\n';
  return out;
}

void locate(Diagnostic& d, std::string_view text, Span span) {
  std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text.size());
  const std::string_view before = text.substr(0, begin);
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  std::size_t line_end = std::min(text.find('\n', begin), text.size());
  if (line_end > line_begin && text[line_end - 1] == '\r') --line_end;
  begin = std::min(begin, line_end);

  d.line = static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n'));
  d.column = static_cast<std::uint32_t>(begin - line_begin + 1);
  // A span over several lines is underlined to the end of its first.
  const std::size_t marked_end = std::min(end, line_end);
  d.width = marked_end > begin ? static_cast<std::uint32_t>(marked_end - begin) : 1;
  std::string_view line = text.substr(line_begin, line_end - line_begin);
  d.excerpt_column =
      static_cast<std::uint32_t>(1 + cut_round(line, begin - line_begin, longest_kept));
  d.excerpt = line;
}

}  // namespace escudo::base
