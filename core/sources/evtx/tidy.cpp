// Tested by tests/unit/sources/evtx_tidy.cpp.

#include "sources/evtx/tidy.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace escudo::sources {
namespace {

bool is_hex_digit(char c) {
  return base::is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// HexInt32 and HexInt64 as libevtx prints them: always 8 or 16 digits.
std::string_view padding_of(std::string_view value) {
  if ((value.size() != 10 && value.size() != 18) || !value.starts_with("0x0")) return {};
  if (!std::ranges::all_of(value.substr(2), is_hex_digit)) return {};
  const std::size_t digit = std::min(value.find_first_not_of('0', 2), value.size() - 1);
  return value.substr(2, digit - 2);
}

bool is_indentation(std::string_view text) {
  return text.find('\n') != std::string_view::npos && std::ranges::all_of(text, base::is_space);
}

// One past the '>' of the tag that begins at `at`.
std::size_t tag_end(std::string_view text, std::size_t at) {
  for (char quote = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return text.size();
}

std::string_view tag_name(std::string_view tag) {  // of "<Name …" or "</Name>"
  const std::size_t from = tag.starts_with("</") ? 2 : 1;
  const std::size_t end = tag.find_first_of(" \t\r\n/>", from);
  return tag.substr(from, end == std::string_view::npos ? end : end - from);
}

}  // namespace

void tidy_evtx_xml(std::string_view printed, std::string& out) {
  out.clear();
  out.reserve(printed.size());
  bool opened = false;  // the tag before is a start tag
  std::size_t at = 0;
  while (at < printed.size()) {
    const std::size_t tag = std::min(printed.find('<', at), printed.size());
    const std::string_view text = printed.substr(at, tag - at);
    const bool value = opened && printed.substr(tag).starts_with("</");
    if (value) {
      const std::string_view padding = padding_of(text);
      if (padding.empty()) {
        out += text;
      } else {
        out.append("0x").append(text.substr(2 + padding.size()));
      }
    } else if (!is_indentation(text)) {
      out += text;
    }
    if (tag == printed.size()) break;
    at = tag_end(printed, tag);
    const std::string_view written = printed.substr(tag, at - tag);
    opened = !written.starts_with("</") && !written.ends_with("/>");
    out += written;
  }
}

std::string repair_evtx_xml(std::string_view printed) {
  std::string out;
  out.reserve(printed.size() + 64);
  std::vector<std::string_view> open;
  std::size_t at = 0;
  while (at < printed.size()) {
    const std::size_t tag = std::min(printed.find('<', at), printed.size());
    out += printed.substr(at, tag - at);
    if (tag == printed.size()) break;
    const std::string_view rest = printed.substr(tag);
    std::size_t back = tag;
    while (back > 0 && printed[back - 1] == ' ') --back;
    const bool own_line = back == 0 || printed[back - 1] == '\n';
    const bool closes = rest.starts_with("</");
    const std::string_view name = tag_name(rest);
    if (closes && !open.empty() && name == open.back() &&
        rest.substr(2 + name.size()).starts_with('>')) {
      open.pop_back();
    } else if (closes || !own_line) {
      out += "&lt;";
      at = tag + 1;
      continue;
    } else {
      const std::size_t end = tag_end(printed, tag);
      if (!printed.substr(tag, end - tag).ends_with("/>")) open.push_back(name);
    }
    at = tag_end(printed, tag);
    out += printed.substr(tag, at - tag);
  }
  return out;
}

}  // namespace escudo::sources
