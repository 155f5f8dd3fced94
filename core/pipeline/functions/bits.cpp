// Bitwise functions over whole numbers from 0 to 2^53 - 1, as Splunk bounds them; anything else is
// NULL.
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

using Bits = std::uint64_t;
constexpr Bits kMost = (Bits{1} << 53) - 1;

std::optional<Bits> bits_of(const Value& v) {
  const auto n = integer_of(v);
  if (!n || *n < 0 || static_cast<Bits>(*n) > kMost) return {};
  return static_cast<Bits>(*n);
}

Value number_of(Bits bits) { return static_cast<double>(bits & kMost); }

template <Bits (*join)(Bits, Bits)>
NodePtr fold(Call& call) {
  return of_all(call, [](Args args) -> Value {
    auto out = bits_of(*args[0]);
    for (std::size_t k = 1; out && k < args.size(); ++k) {
      const auto next = bits_of(*args[k]);
      out = next ? std::optional(join(*out, *next)) : std::nullopt;
    }
    return out ? number_of(*out) : Value();
  });
}

Bits both(Bits a, Bits b) { return a & b; }
Bits either(Bits a, Bits b) { return a | b; }
Bits one_of(Bits a, Bits b) { return a ^ b; }

// bit_not(x [, mask]): the bits of the mask, all 53 by default, that x lacks.
NodePtr make_not(Call& call) {
  return of_all(call, [](Args args) -> Value {
    const auto x = bits_of(*args[0]);
    const auto mask = args.size() > 1 ? bits_of(*args[1]) : std::optional(kMost);
    return x && mask ? number_of(~*x & *mask) : Value();
  });
}

// A shift by more than 53 places, or backwards, is NULL.
template <bool left>
NodePtr shift(Call& call) {
  return of_all(call, [](Args args) -> Value {
    const auto x = bits_of(*args[0]), places = bits_of(*args[1]);
    if (!x || !places || *places > 53) return {};
    return number_of(left ? *x << *places : *x >> *places);
  });
}

constexpr Function kFunctions[] = {
    {"bit_and", 2, Function::kAny, "bit_and(number, number, …)", fold<both>},
    {"bit_not", 1, 2, "bit_not(number [, mask])", make_not},
    {"bit_or", 2, Function::kAny, "bit_or(number, number, …)", fold<either>},
    {"bit_shift_left", 2, 2, "bit_shift_left(number, places)", shift<true>},
    {"bit_shift_right", 2, 2, "bit_shift_right(number, places)", shift<false>},
    {"bit_xor", 2, Function::kAny, "bit_xor(number, number, …)", fold<one_of>},
};

}  // namespace

Functions bit_functions() { return kFunctions; }

}  // namespace escudo::pipeline
