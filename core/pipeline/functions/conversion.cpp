// tostring, tonumber and the plain conversions.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

std::string digits(std::uint64_t n, int base) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, n, base).ptr;
  std::string out(buffer, end);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

std::string padded(std::int64_t n, std::size_t width) {
  std::string out = std::to_string(n);
  if (out.size() < width) out.insert(0, width - out.size(), '0');
  return out;
}

std::string grouped(std::string digits) {
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

// 1234567.891 is 1,234,567.89; an integer keeps all its digits.
std::string with_commas(const Value& x, double n) {
  if (const auto integer = integer_of(x)) {
    const std::string digits = std::to_string(*integer);
    return digits.starts_with('-') ? "-" + grouped(digits.substr(1)) : grouped(digits);
  }
  const double cents = std::round(n * 100) / 100;
  std::string whole = base::number_text(std::trunc(std::fabs(cents)));
  if (whole.find_first_not_of("0123456789") != std::string::npos) return base::number_text(n);
  whole = grouped(std::move(whole));
  const auto rest =
      static_cast<std::int64_t>(std::llround(std::fabs(cents - std::trunc(cents)) * 100));
  if (rest) whole += "." + padded(rest, 2);
  return cents < 0 ? "-" + whole : whole;
}

// 615 is 00:10:15, 90061 is 1+01:01:01; a fraction is written with six places.
std::string as_duration(const Value& x, double n) {
  const double size = std::fabs(n);
  if (!(size < 1e12)) return x.text();
  const auto micros = static_cast<std::int64_t>(std::llround(size * 1e6));
  const std::int64_t seconds = micros / 1'000'000;
  std::string out = n < 0 ? "-" : "";
  if (seconds >= 86'400) out += std::to_string(seconds / 86'400) + "+";
  out += padded(seconds / 3600 % 24, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" +
         padded(seconds % 60, 2);
  if (micros % 1'000'000) out += "." + padded(micros % 1'000'000, 6);
  return out;
}

// hex and binary are of whole numbers; a number that is none, or a text, stays as it is.
Value formatted(const Value& x, std::string_view format) {
  const auto n = x.number();
  if (!n) return x.text();
  if (base::iequals(format, "commas")) return with_commas(x, *n);
  if (base::iequals(format, "duration")) return as_duration(x, *n);
  const bool hex = base::iequals(format, "hex");
  const auto whole_number = integer_of(Value(x.text()));   // as written, also beyond 2^53
  if ((!hex && !base::iequals(format, "binary")) || !whole_number) return x.text();
  const std::string sign = *whole_number < 0 ? "-" : "";
  const std::uint64_t size = *whole_number < 0 ? 0 - static_cast<std::uint64_t>(*whole_number)
                                               : static_cast<std::uint64_t>(*whole_number);
  return hex ? sign + "0x" + digits(size, 16) : sign + digits(size, 2);
}

NodePtr make_tostring(Call& call) {
  if (call.args.size() > 1)
    if (const std::string* format = call.literal(1)) {
      static constexpr std::string_view known[] = {"binary", "commas", "duration", "hex"};
      if (std::none_of(std::begin(known), std::end(known),
                       [&](std::string_view k) { return base::iequals(k, *format); }))
        return call.fail(call.span_of(1), "function-arguments",
                         "tostring() has no format named " + *format,
                         "it knows \"hex\", \"binary\", \"commas\" and \"duration\"");
    }
  return of_each(call, [](const Value& x, Args args) -> Value {
    return args.size() > 1 && !args[1]->is_null() ? formatted(x, *Text(*args[1])) : Value(x.text());
  });
}

std::optional<double> in_base(std::string_view s, int base) {
  const bool negative = s.starts_with('-');
  if (negative || s.starts_with('+')) s.remove_prefix(1);
  if (base == 16 && base::istarts_with(s, "0x")) s.remove_prefix(2);
  std::uint64_t n = 0;
  const auto [stop, error] = std::from_chars(s.data(), s.data() + s.size(), n, base);
  if (error != std::errc{} || stop != s.data() + s.size()) return {};
  return negative ? -static_cast<double>(n) : static_cast<double>(n);
}

// Blanks around the digits do not matter; a number too long for a double stays text.
NodePtr make_tonumber(Call& call) {
  return of_each(call, [](const Value& x, Args args) -> Value {
    if (args.size() == 1 && x.is_number()) return x;
    const Text text(x);
    const std::string_view s = base::trim(*text);
    if (args.size() > 1) {
      const auto base = whole(*args[1]);
      if (!base || *base < 2 || *base > 36) return {};
      if (*base != 10) {
        const auto n = in_base(s, static_cast<int>(*base));
        return n ? Value(*n) : Value();
      }
    }
    const auto n = event::parse_number(s);
    if (!n) return {};
    return std::fabs(*n) >= kExactInteger && integer_of(Value(s)) ? Value(s) : Value(*n);
  });
}

NodePtr make_toint(Call& call) {
  return of_each(call, [](const Value& x, Args) -> Value {
    const auto n = x.number();
    return n ? Value(std::trunc(*n)) : Value();
  });
}

NodePtr make_todouble(Call& call) {
  return of_each(call, [](const Value& x, Args) -> Value {
    const auto n = x.number();
    return n ? Value(*n) : Value();
  });
}

class ToBool final : public ConditionNode {
 public:
  using ConditionNode::ConditionNode;
  Truth truth(const Scope& scope) override { return arg(0).truth(scope); }
};
NodePtr make_tobool(Call& call) { return std::make_unique<ToBool>(std::move(call.args)); }

constexpr Function kFunctions[] = {
    {"tobool", 1, 1, "tobool(value)", make_tobool},
    {"todouble", 1, 1, "todouble(value)", make_todouble},
    {"toint", 1, 1, "toint(value)", make_toint},
    {"tonumber", 1, 2, "tonumber(text [, base])", make_tonumber},
    {"tostring", 1, 2, "tostring(value [, \"hex\"|\"binary\"|\"commas\"|\"duration\"])",
     make_tostring},
};

}  // namespace

Functions conversion_functions() { return kFunctions; }

}  // namespace escudo::pipeline
