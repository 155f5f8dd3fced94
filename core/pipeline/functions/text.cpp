// Functions from text to text or number. Lengths and places count characters, not bytes.
#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "pipeline/functions/function.hpp"
#include "pipeline/functions/letter_case.hpp"

namespace escudo::pipeline {
namespace {

std::size_t characters(std::string_view s) {
  std::size_t n = 0;
  for (std::size_t at = 0; at < s.size(); ++n) {
    const std::size_t ascii = base::ascii_run(s, at);
    if (ascii) {
      at += ascii;
      n += ascii - 1;
    } else {
      at += base::decode_utf8(s, at).bytes;
    }
  }
  return n;
}

// The byte at which character `n` begins, or the end.
std::size_t byte_of(std::string_view s, std::size_t n) {
  std::size_t at = 0;
  while (n > 0 && at < s.size()) {
    const std::size_t ascii = std::min(base::ascii_run(s, at), n);
    at += ascii ? ascii : base::decode_utf8(s, at).bytes;
    n -= ascii ? ascii : 1;
  }
  return at;
}

NodePtr make_lower(Call& call) {
  return of_each(call, [](const Value& x, Args) { return Value(lower_case(*Text(x))); });
}
NodePtr make_upper(Call& call) {
  return of_each(call, [](const Value& x, Args) { return Value(upper_case(*Text(x))); });
}
NodePtr make_len(Call& call) {
  return of_each(
      call, [](const Value& x, Args) { return Value(static_cast<double>(characters(*Text(x)))); });
}

// 1 is the first character, -1 the last; 0 counts as 1. A start before the text is its beginning.
NodePtr make_substr(Call& call) {
  return of_each(call, [](const Value& x, Args args) -> Value {
    const auto start = whole(*args[1]);
    const auto length = args.size() > 2 ? whole(*args[2]) : std::nullopt;
    if (!start || (args.size() > 2 && !length)) return {};
    const Text text(x);
    const auto size = static_cast<std::int64_t>(characters(*text));
    const std::int64_t from = *start > 0   ? *start - 1
                              : *start < 0 ? std::max<std::int64_t>(size + *start, 0)
                                           : 0;
    const std::int64_t wanted = args.size() > 2 ? *length : size;
    if (from >= size || wanted <= 0) return "";
    const std::string_view rest = (*text).substr(byte_of(*text, static_cast<std::size_t>(from)));
    return rest.substr(0, byte_of(rest, static_cast<std::size_t>(wanted)));
  });
}

// Cuts a set of characters, blanks and tabs when none is given, off the ends.
template <bool left, bool right>
NodePtr make_trim(Call& call) {
  return of_each(call, [](const Value& x, Args args) -> Value {
    if (args.size() > 1 && args[1]->is_null()) return {};
    const std::string set = args.size() > 1 ? args[1]->text() : " \t";
    const Text text(x);
    std::string_view rest = *text;
    const auto in_set = [&](std::string_view c) {
      return c.size() == 1 ? set.find(c[0]) != std::string::npos : set.find(c) != std::string::npos;
    };
    if (left)
      while (!rest.empty()) {
        const std::size_t n = base::decode_utf8(rest, 0).bytes;
        if (!in_set(rest.substr(0, n))) break;
        rest.remove_prefix(n);
      }
    if (right)
      while (!rest.empty()) {
        std::size_t at = rest.size() - 1;
        while (at > 0 && (static_cast<unsigned char>(rest[at]) & 0xC0) == 0x80) --at;
        if (!in_set(rest.substr(at))) break;
        rest.remove_suffix(rest.size() - at);
      }
    return rest;
  });
}

int hex_digit(char c) {
  if (base::is_digit(c)) return c - '0';
  const char l = base::ascii_lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// %41 is A; a % that begins no such pair stands for itself, and so does +.
NodePtr make_urldecode(Call& call) {
  return of_each(call, [](const Value& x, Args) -> Value {
    const Text text(x);
    const std::string_view s = *text;
    std::string out;
    out.reserve(s.size());
    for (std::size_t i = 0; i < s.size(); ++i) {
      const int high = s[i] == '%' && i + 2 < s.size() ? hex_digit(s[i + 1]) : -1;
      const int low = high >= 0 ? hex_digit(s[i + 2]) : -1;
      if (low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
      } else {
        out += s[i];
      }
    }
    return out;
  });
}

constexpr Function kFunctions[] = {
    {"len", 1, 1, "len(text)", make_len},
    {"lower", 1, 1, "lower(text)", make_lower},
    {"ltrim", 1, 2, "ltrim(text [, characters])", make_trim<true, false>},
    {"rtrim", 1, 2, "rtrim(text [, characters])", make_trim<false, true>},
    {"substr", 2, 3, "substr(text, start [, length])", make_substr},
    {"trim", 1, 2, "trim(text [, characters])", make_trim<true, true>},
    {"upper", 1, 1, "upper(text)", make_upper},
    {"urldecode", 1, 1, "urldecode(text)", make_urldecode},
};

}  // namespace

Functions text_functions() { return kFunctions; }

}  // namespace escudo::pipeline
