// Command lines of Windows: the program they name, and the line Splunk's Windows add-on rebuilds.

#include "base/text.hpp"
#include "cim/transforms/transform.hpp"

namespace escudo::cim {
namespace {

struct Split {
  std::string_view program;    // without its quotes
  std::string_view arguments;  // without the blanks before them; trailing blanks stay
};

Split split_line(std::string_view line) {
  std::size_t begin = 0;
  while (begin < line.size() && base::is_space(line[begin])) ++begin;
  line.remove_prefix(begin);
  std::size_t end = 0;
  Split result;
  if (!line.empty() && line[0] == '"') {
    std::size_t quote = line.find('"', 1);
    if (quote == std::string_view::npos) quote = line.size();
    result.program = line.substr(1, quote - 1);
    end = quote < line.size() ? quote + 1 : quote;
  } else {
    while (end < line.size() && !base::is_space(line[end])) ++end;
    result.program = line.substr(0, end);
  }
  while (end < line.size() && base::is_space(line[end])) ++end;
  result.arguments = line.substr(end);
  return result;
}

// windows_command_line(CommandLine, NewProcessName): the line itself when its program has a path,
// else the image and the line's arguments.
FieldValues windows_command_line(Arguments a, base::Arena& scratch) {
  std::string_view line = front(a[0]), image = front(a[1]);
  Split parts = split_line(line);
  if (parts.program.find('\\') != std::string_view::npos) return a[0].first(1);
  if (image.empty()) return a[0];
  if (parts.arguments.empty()) return a[1].first(1);
  bool quote = false;
  for (char c : image) quote |= base::is_space(c);
  std::size_t size = image.size() + (quote ? 2 : 0) + 1 + parts.arguments.size();
  char* out = scratch.allocate(size);
  char* at = out;
  if (quote) *at++ = '"';
  at += image.copy(at, image.size());
  if (quote) *at++ = '"';
  *at++ = ' ';
  parts.arguments.copy(at, parts.arguments.size());
  return one({out, size}, scratch);
}

// The data model's way to a process name when only the command line is known: a quoted path gives
// its last part, otherwise what follows the last backslash of the whole line counts, up to a blank.
FieldValues name_in_command_line(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [](std::string_view line) {
    line = base::trim(line);
    if (!line.empty() && line[0] == '"') {
      std::string_view path = split_line(line).program;
      std::size_t slash = path.rfind('\\');
      return slash == std::string_view::npos ? path : path.substr(slash + 1);
    }
    std::size_t slash = line.rfind('\\');
    if (slash != std::string_view::npos) line.remove_prefix(slash + 1);
    std::size_t end = 0;
    while (end < line.size() && !base::is_space(line[end])) ++end;
    return line.substr(0, end);
  });
}

constexpr Transform transforms[] = {
    {"windows_command_line", 2, 2, windows_command_line},
    {"name_in_command_line", 1, 1, name_in_command_line},
};

}  // namespace

std::span<const Transform> command_line_transforms() { return transforms; }

}  // namespace escudo::cim
