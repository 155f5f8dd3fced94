#pragma once
// Text made fit for the forms reports take. Pure functions. Private to reports.

#include <cstdint>
#include <string>
#include <string_view>

namespace escudo::harness {

// One line without control characters: line breaks become blanks.
std::string one_line(std::string_view text);

// In Markdown outside code: nothing is markup, a link, a mention or HTML; fit for a table's cell.
std::string markdown_text(std::string_view text);
// A code span that holds the text, whatever backticks it has; fit for a table's cell.
std::string markdown_code(std::string_view text);
// A fenced block; the fence is longer than any in the text.
std::string markdown_block(std::string_view text);

// The values of GitHub's workflow commands.
std::string github_data(std::string_view text);
std::string github_property(std::string_view text);

// A YAML scalar in double quotes.
std::string yaml_text(std::string_view text);

// `path` relative to the folder `root` when it lies below it, both made absolute; '/' between
// parts.
std::string below(const std::string& root, const std::string& path);
// A path as a relative reference of a URI.
std::string uri_path(std::string_view path);

// "1.23 s", "45 ms"
std::string duration(double seconds);
// "1 test", "2 tests"
std::string counted(std::uint64_t n, const char* one, const char* many);

}  // namespace escudo::harness
