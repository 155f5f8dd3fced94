// Tested by tests/unit/sources/winxml.cpp.

#include "sources/winxml/clean.hpp"

#include <simdjson.h>

#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace escudo::sources {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::size_t longest_reference = 16;  // "&#x0000010FFFF;" and some zeros

struct Reference {
  std::size_t size = 0;  // 0: not a reference
  bool good = false;
};

// `text` begins with "&#".
Reference read_reference(std::string_view text) {
  const std::size_t end = text.substr(0, longest_reference).find(';');
  if (end == std::string_view::npos) return {};
  const bool hex = text[2] == 'x' || text[2] == 'X';
  const std::string_view digits = text.substr(hex ? 3 : 2, end - (hex ? 3 : 2));
  std::uint64_t code = 0;
  const auto [last, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (error != std::errc{} || last != digits.data() + digits.size()) return {};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return {end + 1, code != 0 && code <= 0x10FFFF && !surrogate};
}

// Where the next reference to no character begins, from `at`.
std::size_t find_bad_reference(std::string_view text, std::size_t at, std::size_t& size) {
  for (at = text.find("&#", at); at != std::string_view::npos; at = text.find("&#", at + 2)) {
    const Reference reference = read_reference(text.substr(at));
    if (reference.size > 0 && !reference.good) {
      size = reference.size;
      return at;
    }
  }
  return at;
}

}  // namespace

std::optional<std::string> xml_too_rich(std::string_view text, std::size_t elements) {
  std::size_t tags = 0, attributes = 0;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    ++tags;
    for (++at; at < text.size() && text[at] != '>' && text[at] != '<'; ++at) {
      if (text[at] == '=') ++attributes;
    }
  }
  // A tag to open and a tag to close each element.
  if (tags <= 2 * elements && attributes <= 2 * elements) return std::nullopt;
  return "has more than " + std::to_string(elements) +
         " XML elements or attributes, the limit for one event (fields_per_event)";
}

bool xml_needs_cleaning(std::string_view text) {
  std::size_t size = 0;
  return text.find('\0') != std::string_view::npos ||
         find_bad_reference(text, 0, size) != std::string_view::npos ||
         !simdjson::validate_utf8(text.data(), text.size());
}

std::string clean_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  std::size_t size = 0;
  std::size_t bad = find_bad_reference(text, 0, size);
  for (std::size_t at = 0; at < text.size();) {
    if (at == bad) {
      out += replacement;
      at += size;
      bad = find_bad_reference(text, at, size);
    } else {
      const char c = text[at++];
      if (c == '\0') {
        out += replacement;
      } else {
        out += c;
      }
    }
  }
  base::repair_utf8(out);
  return out;
}

}  // namespace escudo::sources
