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

// A character past U+FFFF comes out as others, a lone surrogate takes its neighbour along, and a NUL,
// which is U+FFFD here, ends the text. All else is there, in order.
inline bool alike_but_for_odd_units(std::string_view native, std::string_view libevtx) {
  std::size_t odd = 0, at = 0;
  for (std::size_t i = 0; i < native.size();) {
    const bool replaced = native.substr(i).starts_with("\xEF\xBF\xBD");
    const bool beyond = static_cast<unsigned char>(native[i]) >= 0xF0;
    if (replaced || beyond) {
      ++odd;
      i += replaced ? 3 : 4;
      if (replaced && base::trim(libevtx.substr(at)).empty()) return true;  // it ends there
      if (i < native.size()) {  // the neighbour
        for (++i; i < native.size() && (native[i] & '\xC0') == '\x80';) ++i;
      }
      continue;
    }
    const std::size_t found = libevtx.find(native[i], at);
    if (found == std::string_view::npos || found - at > 4 * odd) {
      if (odd > 0 && at + 3 >= libevtx.size()) return true;
      if (odd == 0 && libevtx.empty() && base::is_space(native[i])) {  // trimmed
        ++i;
        continue;
      }
      return false;
    }
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

// Bytes that code page 1252 does not know are C1 characters, as Windows has it, or U+FFFD.
inline std::string without_c1(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool c1 = text[i] == '\xC2' && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) {
      ++i;
      out += "\xEF\xBF\xBD";
    } else {
      out += text[i];
    }
  }
  return out;
}

inline std::string without_padding(std::string_view hex) {
  if (!hex.starts_with("0x") || hex.size() < 3) return std::string(hex);
  return "0x" + std::string(hex.substr(std::min(hex.find_first_not_of('0', 2), hex.size() - 1)));
}

// `hex` begins with the bytes of the GUID.
inline bool is_guid_of(std::string_view hex, std::string_view guid) {
  constexpr std::size_t order[] = {7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35};
  if (guid.size() != 38 || hex.size() < 32) return false;
  for (std::size_t i = 0; i < 16; ++i) {
    if (hex.substr(2 * i, 2) != guid.substr(order[i], 2)) return false;
  }
  return true;
}

inline bool is_binary(std::string_view text) {
  return text.size() > 16 && text.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

inline bool alike(const std::string& native, const std::string& libevtx) {
  if (native == libevtx || without_c1(native) == without_c1(libevtx) ||
      alike_but_for_odd_units(native, libevtx) ||
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
    return a && (std::abs(*a - *b) <= 1e-5 * std::abs(*a) ||
                 static_cast<float>(*a) == static_cast<float>(*b));
  }
  // SYSTEMTIME has three decimals, by a later version nine.
  if (native.size() > 4 && native.ends_with('Z') && native[native.size() - 5] == '.' &&
      libevtx == native.substr(0, native.size() - 1) + "000000Z") {
    return true;
  }
  // Times after the year 30828, and what is no time at all, are printed as a list of numbers.
  if (libevtx.starts_with("(0x")) return native.ends_with('Z') || is_binary(native);
  // A value that is longer than its type is shown whole, not as a GUID or a time of its first bytes.
  if (!libevtx.empty() && libevtx.front() == '{') return is_guid_of(native, libevtx);
  if (is_binary(native) && libevtx.ends_with('Z') && libevtx.find('T') == 10) return true;
  if (!native.starts_with("0x")) return false;
  // Padding of hexadecimal numbers is taken off, but not everywhere, and off text that looks so too.
  if (without_padding(native) == without_padding(libevtx)) return true;
  // A SizeT of four bytes is printed in decimal.
  std::uint64_t number = 0;
  const char* const end = native.data() + native.size();
  const auto parsed = std::from_chars(native.data() + 2, end, number, 16);
  return parsed.ec == std::errc{} && parsed.ptr == end && std::to_string(number) == libevtx;
}

// libevtx passes over CDATA sections, and then over the element: what this fixture says in one.
inline bool has_cdata(const ReadEvent& native) {
  return native.raw.find("if (a") != std::string::npos ||
         native.raw.find("c) { }") != std::string::npos;
}

// Of an array in an attribute the attribute is repeated, which XML forbids: its reader takes one.
inline bool is_first_item(const std::string& native, const std::string& libevtx) {
  const std::size_t comma = native.find(", ");
  return comma != std::string::npos && alike(native.substr(0, comma), libevtx);
}

// A column of System is there only when it has text: text that begins with NUL has none for libevtx.
inline bool counts(const ReadEvent& event, std::size_t field) {
  const std::string& text = event.fields[field].second;
  return event.sections[field] != event::Section::system ||
         !(text.empty() || without_c1(text).starts_with("\xEF\xBF\xBD"));
}

// XML has no way to write others, and its reader makes what it can of them.
inline bool is_name_of_xml(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string_view("_-. :").find(c) != std::string_view::npos;
  });
}
inline std::vector<std::string_view> tags_of(std::string_view xml) {
  std::vector<std::string_view> tags;
  for (std::size_t at = 0; (at = xml.find('<', at)) != std::string_view::npos;) {
    at += xml.substr(at + 1).starts_with('/') ? 2 : 1;
    tags.push_back(xml.substr(at, xml.find_first_of(" />", at) - at));
  }
  return tags;
}
inline bool has_names_of_xml(const ReadEvent& native, const ReadEvent& libevtx) {
  for (const event::Column& column : native.schema->columns()) {
    if (!is_name_of_xml(event::name_of(column.written))) return false;
  }
  const std::string_view xml = libevtx.raw;
  for (std::size_t at = 0; (at = xml.find_first_of("'\"", at + 1)) != std::string_view::npos;) {
    if (at < 2 || xml[at - 1] != '=') continue;
    const std::size_t blank = xml.rfind(' ', at);
    if (blank >= at) continue;
    const std::string name(xml.substr(blank, at - blank - 1));
    if (!is_name_of_xml(name)) return false;
    if (native.raw.find(name + "='") == std::string::npos &&
        native.raw.find(name.substr(0, name.size() - 1) + "='") != std::string::npos) {
      return false;
    }
  }
  const std::vector<std::string_view> ours = tags_of(native.raw), theirs = tags_of(libevtx.raw);
  if (!std::ranges::all_of(ours, is_name_of_xml)) return false;
  // What stands in the place of the NUL behind a name is read as part of it.
  return std::ranges::all_of(theirs, [&](std::string_view tag) {
    return is_name_of_xml(tag) &&
           (std::ranges::find(ours, tag) != ours.end() ||
            std::ranges::find(ours, tag.substr(0, tag.size() - 1)) == ours.end());
  });
}

// What stands in the place of the NUL behind a name is read as part of it.
inline bool alike_names(std::string_view native, std::string_view libevtx) {
  const auto longer = [](std::string_view a, std::string_view b) {
    return a.starts_with(b) && a.size() == b.size() + 1;
  };
  return native == libevtx || longer(libevtx, native) || longer(native, libevtx);
}

// BinXML in a value whose size says more than it takes is given twice: so are the last fields.
inline bool repeats(const ReadEvent& native, const ReadEvent& libevtx, std::size_t from) {
  const std::size_t count = libevtx.fields.size() - from;
  if (count > native.fields.size()) return false;
  for (std::size_t n = 0; n < count; ++n) {
    const auto& [name, text] = native.fields[native.fields.size() - count + n];
    if (!alike_names(name, libevtx.fields[from + n].first)) return false;
    if (!alike(text, libevtx.fields[from + n].second)) return false;
  }
  return true;
}

// What differs between the two, or nothing. In a damaged file a dependency identifier, which libevtx
// does not look at, may say that an element of System is not there.
inline std::string difference(const ReadEvent& a, const ReadEvent& b, bool damaged = false) {
  std::size_t i = 0, k = 0;
  bool same = true;
  const auto skip = [&](const ReadEvent& event, std::size_t& at) {
    for (; at < event.fields.size() && !counts(event, at); ++at) {
      same = same && event.fields[at].second.empty();
    }
  };
  const auto field = [](const ReadEvent& event, std::size_t at) {
    if (at >= event.fields.size()) return std::string("nothing");
    return event.fields[at].first + "=[" + event.fields[at].second + "]";
  };
  // The libevtx of Debian 13 passes over RenderingInfo behind EventData.
  const bool loses_rendering = a.raw.find("<RenderingInfo") != std::string::npos &&
                               b.raw.find("<RenderingInfo") == std::string::npos;
  for (;; ++i, ++k) {
    skip(a, i);
    skip(b, k);
    while (loses_rendering && i < a.fields.size() && a.sections[i] == event::Section::rendering) {
      ++i;
      same = false;
    }
    if (i == a.fields.size() && k == b.fields.size()) break;
    if (i == a.fields.size() && repeats(a, b, k)) break;
    // The provider's name, when there is none, is made of the channel's.
    if (i == a.fields.size() && k + 1 == b.fields.size() && !same && b.fields[k].first == "Name") break;
    while (damaged && k < b.fields.size() && b.sections[k] == event::Section::system &&
           a[b.fields[k].first] == "(none)") {
      ++k;
      same = false;
    }
    if (i == a.fields.size() && k == b.fields.size()) break;
    if (i == a.fields.size() || k == b.fields.size() || a.sections[i] != b.sections[k] ||
        !alike_names(a.fields[i].first, b.fields[k].first)) {
      return field(a, i) + " is " + field(b, k);
    }
    const std::string &ours = a.fields[i].second, &theirs = b.fields[k].second;
    same = same && ours == theirs && a.fields[i].first == b.fields[k].first;
    const bool first = a.sections[i] == event::Section::system && is_first_item(ours, theirs);
    if (!alike(ours, theirs) && !first) return field(a, i) + " is " + field(b, k);
    while (first && k + 1 < b.fields.size() && b.fields[k + 1].first == b.fields[k].first) ++k;
  }
  if (!same) return {};  // what is made of them differs too
  if (a.time != b.time) return "time " + a.time + " is " + b.time;
  if (a.channel != b.channel) return "channel " + a.channel + " is " + b.channel;
  if (a.provider != b.provider) return "provider " + a.provider + " is " + b.provider;
  // Of a hexadecimal one it makes no number.
  if (a.event_id != b.event_id && !a["EventID"].starts_with("0x")) {
    return "event id " + std::to_string(a.event_id) + " is " + std::to_string(b.event_id);
  }
  return {};
}

}  // namespace escudo::sources
