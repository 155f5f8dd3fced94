#pragma once
// What a value or a record may differ in between the native reader of EVTX and libevtx: values that
// libevtx gives wrongly, and what its XML cannot carry. Anything else is a difference.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "reading.hpp"

namespace escudo::sources {

template <class T>
std::optional<T> all_of_it(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A character past U+FFFF comes out as others, and a lone surrogate takes its neighbour along. All
// else is there, in order.
inline bool alike_around_surrogates(std::string_view native, std::string_view libevtx) {
  std::size_t odd = 0, at = 0;
  for (std::size_t i = 0; i < native.size();) {
    const bool replaced = native.substr(i).starts_with("\xEF\xBF\xBD");
    const bool beyond = static_cast<unsigned char>(native[i]) >= 0xF0;
    if (replaced || beyond) {
      ++odd;
      i += replaced ? 3 : 4;
      if (i < native.size() && static_cast<unsigned char>(native[i]) < 0x80) ++i;
      continue;
    }
    const std::size_t found = libevtx.find(native[i], at);
    if (found == std::string_view::npos || found - at > 4 * odd) return false;
    at = found + 1;
    ++i;
  }
  return odd > 0 && libevtx.size() <= native.size() + 4 * odd;
}

// Negative integers are printed as sign and the other bits: -5 of one byte as -123.
inline bool alike_as_sign_and_magnitude(std::string_view native, std::string_view libevtx) {
  if (!native.starts_with('-') || !libevtx.starts_with('-')) return false;
  const auto a = all_of_it<std::uint64_t>(native.substr(1));
  const auto b = all_of_it<std::uint64_t>(libevtx.substr(1));
  if (!a || !b) return false;
  const std::uint64_t sum = *a + *b;
  return sum == 1u << 7 || sum == 1u << 15 || sum == 1ull << 31 || sum == 1ull << 63;
}

inline bool alike(const std::string& native, const std::string& libevtx) {
  if (native == libevtx || alike_around_surrogates(native, libevtx) ||
      alike_as_sign_and_magnitude(native, libevtx)) {
    return true;
  }
  // XML read by a parser that trims: text of blanks only, when it holds a line end.
  if (libevtx.empty() && native.find_first_of("\r\n") != std::string::npos &&
      std::ranges::all_of(native, [](char c) { return base::is_space(c); })) {
    return true;
  }
  // Floating point has six decimals and an exponent there.
  if (const auto b = all_of_it<double>(libevtx); b && libevtx.find('e') != std::string::npos) {
    const auto a = all_of_it<double>(native);
    return a && std::abs(*a - *b) <= 1e-5 * std::abs(*a);
  }
  // SYSTEMTIME has three decimals, by a later version nine.
  if (native.size() > 4 && native.ends_with('Z') && native[native.size() - 5] == '.' &&
      libevtx == native.substr(0, native.size() - 1) + "000000Z") {
    return true;
  }
  if (!native.starts_with("0x")) return false;
  // Its reader takes padding off hexadecimal numbers, and cannot tell them from text that looks so.
  const std::size_t digit = std::min(native.find_first_not_of('0', 2), native.size() - 1);
  if (digit > 2 && "0x" + native.substr(digit) == libevtx) return true;
  // A SizeT of four bytes is printed in decimal.
  std::uint64_t number = 0;
  const char* const end = native.data() + native.size();
  const auto parsed = std::from_chars(native.data() + 2, end, number, 16);
  return parsed.ec == std::errc{} && parsed.ptr == end && std::to_string(number) == libevtx;
}

// What differs between the two, or nothing.
inline std::string difference(const ReadEvent& a, const ReadEvent& b) {
  if (a.fields.size() != b.fields.size()) {
    std::string names;
    for (const auto& [field, value] : a.fields) names += " " + field;
    names += " |";
    for (const auto& [field, value] : b.fields) names += " " + field;
    return "other fields" + names;
  }
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    if (a.fields[i].first != b.fields[i].first || a.sections[i] != b.sections[i]) {
      return a.fields[i].first + " is " + b.fields[i].first;
    }
    if (!alike(a.fields[i].second, b.fields[i].second)) {
      return a.fields[i].first + " = [" + a.fields[i].second + "] is [" + b.fields[i].second + "]";
    }
  }
  if (a.time != b.time) return "time " + a.time + " is " + b.time;
  if (a.channel != b.channel || a.provider != b.provider || a.event_id != b.event_id) {
    return "channel, provider or id";
  }
  return {};
}

}  // namespace escudo::sources
