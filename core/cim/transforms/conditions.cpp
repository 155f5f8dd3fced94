// Conditions: "true" when they hold, nothing when they do not. Text compares without regard to
// ASCII case, as Splunk's searches do; of a multivalue, one value is enough.

#include <charconv>
#include <cstdint>
#include <optional>

#include "base/text.hpp"
#include "cim/transforms/transform.hpp"

namespace escudo::cim {
namespace {

template <class F>
FieldValues any_pair(Arguments a, F holds) {
  for (std::string_view value : a[0]) {
    for (FieldValues others : a.subspan(1)) {
      for (std::string_view other : others) {
        if (holds(value, other)) return truth(true);
      }
    }
  }
  return {};
}

FieldValues equals(Arguments a, base::Arena&) { return any_pair(a, base::iequals); }
FieldValues contains(Arguments a, base::Arena&) { return any_pair(a, base::icontains); }
FieldValues starts_with(Arguments a, base::Arena&) { return any_pair(a, base::istarts_with); }
FieldValues ends_with(Arguments a, base::Arena&) {
  return any_pair(a, [](std::string_view value, std::string_view end) {
    return value.size() >= end.size() &&
           base::iequals(value.substr(value.size() - end.size()), end);
  });
}

FieldValues present(Arguments a, base::Arena&) { return truth(!a[0].empty()); }
FieldValues negation(Arguments a, base::Arena&) { return truth(a[0].empty()); }

FieldValues all(Arguments a, base::Arena&) {
  for (FieldValues condition : a) {
    if (condition.empty()) return {};
  }
  return truth(true);
}

FieldValues any(Arguments a, base::Arena&) {
  for (FieldValues condition : a) {
    if (!condition.empty()) return truth(true);
  }
  return {};
}

// Hexadecimal with 0x, or decimal with or without a sign (some exporters print Keywords as int64).
std::optional<std::uint64_t> bits_of(std::string_view text) {
  text = base::trim(text);
  std::uint64_t bits = 0;
  const char* end = text.data() + text.size();
  if (text.size() > 2 && text[0] == '0' && base::ascii_lower(text[1]) == 'x') {
    auto [at, error] = std::from_chars(text.data() + 2, end, bits, 16);
    if (error != std::errc{} || at != end) return std::nullopt;
    return bits;
  }
  if (!text.empty() && text[0] == '-') {
    std::int64_t number = 0;
    auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || at != end) return std::nullopt;
    return static_cast<std::uint64_t>(number);
  }
  auto [at, error] = std::from_chars(text.data(), end, bits);
  if (error != std::errc{} || at != end) return std::nullopt;
  return bits;
}

FieldValues has_bits(Arguments a, base::Arena&) {
  return any_pair(a, [](std::string_view value, std::string_view mask) {
    auto bits = bits_of(value), wanted = bits_of(mask);
    return bits && wanted && *wanted != 0 && (*bits & *wanted) == *wanted;
  });
}

// "0", "0x0", "0x00000000"
FieldValues is_zero(Arguments a, base::Arena&) {
  for (std::string_view value : a[0]) {
    if (bits_of(value) == std::uint64_t{0}) return truth(true);
  }
  return {};
}

constexpr Transform transforms[] = {
    {"equals", 2, any_number, equals},
    {"contains", 2, any_number, contains},
    {"starts_with", 2, any_number, starts_with},
    {"ends_with", 2, any_number, ends_with},
    {"present", 1, 1, present},
    {"not", 1, 1, negation},
    {"all", 1, any_number, all},
    {"any", 1, any_number, any},
    {"has_bits", 2, any_number, has_bits},
    {"is_zero", 1, 1, is_zero},
};

}  // namespace

std::span<const Transform> condition_transforms() { return transforms; }

}  // namespace escudo::cim
