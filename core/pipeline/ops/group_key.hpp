#pragma once
// The key of a group as one text: its values one after another, each with its length before it. Whether a
// value came as a number stands in the group. Inline: they run for every row.

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "pipeline/ops/group.hpp"

namespace escudo::pipeline {

inline void write_part(std::string& out, std::string_view text) {
  out += '1';
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, text.size()).ptr);
  out += ':';
  out += text;
}
inline void write_null_part(std::string& out) { out += "00:"; }

// Takes the first part off a key's text; nothing for null.
inline std::optional<std::string_view> take_part(std::string_view& text) {
  std::size_t size = 0;
  const auto [digits_end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), size);
  (void)error;   // write_part() wrote it
  const bool null = text.front() == '0';
  text.remove_prefix(static_cast<std::size_t>(digits_end - text.data()) + 1);
  const std::string_view part = text.substr(0, size);
  text.remove_prefix(part.size());
  if (null) return {};
  return part;
}

// The k-th value of its key came as a number; told of the first 64.
inline void set_number(Grouping::Group& group, std::size_t k) {
  if (k < 64) group.numbers |= std::uint64_t{1} << k;
}

}  // namespace escudo::pipeline
