#include "base/spec.hpp"

#include <charconv>

namespace escudo::base {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Result<Spec> Spec::parse(std::string_view text) {
  Spec out;
  const std::size_t colon = text.find(':');
  out.kind = std::string(text.substr(0, colon));
  if (colon == std::string_view::npos) return out;
  std::string_view rest = text.substr(colon + 1);
  const std::size_t mark = rest.find('?');
  out.target = std::string(rest.substr(0, mark));
  if (mark == std::string_view::npos) return out;
  rest.remove_prefix(mark + 1);
  for (bool more = true; more;) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
      return Error{"\"" + std::string(pair) + "\" is not KEY=VALUE"};
    }
    const std::string_view key = pair.substr(0, equals);
    if (out.find(key)) return Error{"option " + std::string(key) + " is given twice"};
    out.options_.push_back({std::string(key), unescape(pair.substr(equals + 1)), false});
    more = end != std::string_view::npos;
    if (more) rest.remove_prefix(end + 1);
  }
  return out;
}

const Spec::Option* Spec::find(std::string_view key) const {
  for (const Option& option : options_) {
    if (option.key == key) return &option;
  }
  return nullptr;
}

std::string Spec::text(std::string_view key, std::string_view otherwise) {
  for (Option& option : options_) {
    if (option.key != key) continue;
    option.known = true;
    return option.value;
  }
  return std::string(otherwise);
}

Result<std::uint64_t> Spec::number(std::string_view key, std::uint64_t otherwise, std::uint64_t least,
                                         std::uint64_t most) {
  if (!has(key)) return otherwise;
  const std::string value = text(key, "");
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  std::string_view unit(end, value.data() + value.size());
  const int shift = unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : 0;
  if (error != std::errc() || (shift == 0 && !unit.empty()) || out > (~0ull >> shift) ||
      (out << shift) < least || (out << shift) > most) {
    return Error{"option " + std::string(key) + " wants a whole number from " + std::to_string(least) +
                       " to " + std::to_string(most) + ", not \"" + value + "\""};
  }
  return out << shift;
}

Result<bool> Spec::yes_no(std::string_view key, bool otherwise) {
  const std::string value = text(key, otherwise ? "yes" : "no");
  if (value == "yes" || value == "no") return value == "yes";
  return Error{"option " + std::string(key) + " is yes or no, not \"" + value + "\""};
}

Result<void> Spec::all_known() const {
  for (const Option& option : options_) {
    if (!option.known) return Error{kind + " has no option \"" + option.key + "\""};
  }
  return {};
}

}  // namespace escudo::base
