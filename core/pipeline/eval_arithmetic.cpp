// + - * / % and unary minus. Numbers are doubles; where a result has more digits than a double
// keeps and both sides are integers, the sum is done in integers and the result is its text.
#include "pipeline/eval_arithmetic.hpp"

#include <cmath>
#include <limits>

#include "pipeline/eval_compare.hpp"

namespace escudo::pipeline {
namespace {

using Op = spl::Expr::Op;

double in_doubles(Op op, double x, double y) {
  switch (op) {
    case Op::add:
      return x + y;
    case Op::subtract:
      return x - y;
    case Op::multiply:
      return x * y;
    case Op::divide:
      return x / y;
    default:
      return std::fmod(x, y);
  }
}

// Nothing when the result does not fit, or a quotient is not whole.
std::optional<std::int64_t> in_integers(Op op, std::int64_t x, std::int64_t y) {
  std::int64_t out = 0;
  switch (op) {
    case Op::add:
      return __builtin_add_overflow(x, y, &out) ? std::nullopt : std::optional(out);
    case Op::subtract:
      return __builtin_sub_overflow(x, y, &out) ? std::nullopt : std::optional(out);
    case Op::multiply:
      return __builtin_mul_overflow(x, y, &out) ? std::nullopt : std::optional(out);
    default:
      break;
  }
  if (y == 0 || (y == -1 && x == std::numeric_limits<std::int64_t>::min())) return {};
  if (op == Op::modulo) return x % y;
  return x % y == 0 ? std::optional(x / y) : std::nullopt;
}

Value integer_value(std::int64_t n) {
  const auto number = static_cast<double>(n);
  return std::fabs(number) < kExactInteger ? Value(number) : Value(std::to_string(n));
}

}  // namespace

Value finite(double number) { return std::isfinite(number) ? Value(number) : Value(); }

Value calculate(Op op, const Value& a, const Value& b) {
  const auto x = a.number(), y = b.number();
  if (!x || !y) return {};
  if ((op == Op::divide || op == Op::modulo) && *y == 0) return {};
  const double result = in_doubles(op, *x, *y);
  if (std::fabs(result) < kExactInteger && std::fabs(*x) < kExactInteger &&
      std::fabs(*y) < kExactInteger)
    return Value(result);
  const auto m = integer_of(a), n = integer_of(b);
  if (m && n)
    if (const auto exact = in_integers(op, *m, *n)) return integer_value(*exact);
  return finite(result);
}

Value negated(const Value& value) { return calculate(Op::subtract, Value(0.0), value); }

}  // namespace escudo::pipeline
