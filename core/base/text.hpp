#pragma once
// Small text helpers: ASCII case, trimming, splitting, UTF-8 repair, making text safe to show.
// Pure functions, thread-safe.

#include <string>
#include <string_view>
#include <vector>

namespace escudo::base {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string to_lower(std::string_view s);           // ASCII only
// Lower case beyond ASCII too (simple one-to-one folding); invalid UTF-8 stays as it is. No letter
// beyond ASCII folds to an ASCII one.
std::string fold_case(std::string_view utf8);
bool iequals(std::string_view a, std::string_view b);  // ASCII case only
bool istarts_with(std::string_view s, std::string_view prefix);
bool icontains(std::string_view s, std::string_view needle);
std::string_view trim(std::string_view s);
std::vector<std::string_view> split(std::string_view s, char separator);
std::string replace_all(std::string_view s, std::string_view from, std::string_view to);

// The nearest of `candidates` by edit distance, or empty when none is near enough to suggest.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// Replaces every byte sequence that is not UTF-8 by U+FFFD; returns true when something was
// replaced.
bool repair_utf8(std::string& s);
bool is_utf8(std::string_view s);

// For terminals and one-line messages: control characters (C0, DEL, C1), bidirectional controls,
// what is not seen (zero width, tags) and invalid UTF-8 come out as \xNN or \u{NNNN}; all else as
// it is.
std::string harmless(std::string_view s);
// Columns a terminal uses for this UTF-8 text (wide characters count two, combining ones none).
int display_width(std::string_view s);

}  // namespace escudo::base
