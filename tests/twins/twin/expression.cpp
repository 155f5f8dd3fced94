#include "expression.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace escudo::twin {
namespace {

using Op = spl::Expr::Op;
using Kind = spl::Expr::Kind;

constexpr double kExact = 9007199254740992.0;  // beyond it doubles skip integers

std::optional<std::int64_t> integer(const Value& v) {
  if (v.is_number()) {
    const double n = v.as_number();
    if (n != std::trunc(n) || std::fabs(n) > kExact) return {};
    return static_cast<std::int64_t>(n);
  }
  if (!v.is_text()) return {};
  const std::string& text = v.as_text();
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return n;
}

int order_of(const Value& a, const Value& b) {
  const auto x = a.number(), y = b.number();
  if (!x || !y) {
    const int order = a.text().compare(b.text());
    return order < 0 ? -1 : order > 0;
  }
  if (*x != *y) return *x < *y ? -1 : 1;
  if (std::fabs(*x) < kExact) return 0;
  const auto m = integer(a), n = integer(b);
  if (a.text() == b.text() || !m || !n) return 0;
  return *m < *n ? -1 : *m > *n;
}

bool fits(Op op, int order) {
  switch (op) {
    case Op::equal:
      return order == 0;
    case Op::not_equal:
      return order != 0;
    case Op::less:
      return order < 0;
    case Op::less_equal:
      return order <= 0;
    case Op::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

// Each of the values, keeping a number a number.
std::vector<Value> each(const Value& v) {
  if (!v.is_many()) return {v};
  std::vector<Value> out;
  for (const std::string& one : v.as_many()) out.emplace_back(one);
  return out;
}

Value arithmetic(Op op, const Value& a, const Value& b) {
  const auto x = a.number(), y = b.number();
  if (!x || !y) return {};
  if ((op == Op::divide || op == Op::modulo) && *y == 0) return {};
  double r = 0;
  switch (op) {
    case Op::add:
      r = *x + *y;
      break;
    case Op::subtract:
      r = *x - *y;
      break;
    case Op::multiply:
      r = *x * *y;
      break;
    case Op::divide:
      r = *x / *y;
      break;
    default:
      r = std::fmod(*x, *y);
  }
  const bool large = std::fabs(r) >= kExact || std::fabs(*x) >= kExact || std::fabs(*y) >= kExact;
  const auto m = integer(a), n = integer(b);
  if (large && m && n) {
    // Wide enough for any two 64-bit integers.
    __extension__ using Wide = __int128;
    const Wide p = *m, q = *n;
    std::optional<Wide> exact;
    if (op == Op::add) exact = p + q;
    if (op == Op::subtract) exact = p - q;
    if (op == Op::multiply) exact = p * q;
    if (op == Op::modulo) exact = p % q;
    if (op == Op::divide && p % q == 0) exact = p / q;
    if (exact && *exact >= INT64_MIN && *exact <= INT64_MAX) {
      const auto whole = static_cast<std::int64_t>(*exact);
      if (std::fabs(static_cast<double>(whole)) >= kExact) return std::to_string(whole);
      return static_cast<double>(whole);
    }
  }
  return std::isfinite(r) ? Value(r) : Value();
}

Value joined(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return {};
  return a.text() + b.text();
}

Truth negated(Truth t) {
  return t == Truth::null ? t : t == Truth::yes ? Truth::no : Truth::yes;
}

Datum binary(const spl::Expr& expr, const Frame& frame) {
  // `a.b` written in one word is that field where some row has it.
  if (expr.op == Op::concat && !expr.text.empty() && frame.names.contains(expr.text))
    return frame.row.get(expr.text);
  const Datum left = evaluate(expr.args[0], frame);
  const Datum right = evaluate(expr.args[1], frame);
  switch (expr.op) {
    case Op::logical_and: {
      const Truth a = left.as_truth(), b = right.as_truth();
      if (a == Truth::no || b == Truth::no) return Truth::no;
      return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::null;
    }
    case Op::logical_or: {
      const Truth a = left.as_truth(), b = right.as_truth();
      if (a == Truth::yes || b == Truth::yes) return Truth::yes;
      return a == Truth::no && b == Truth::no ? Truth::no : Truth::null;
    }
    case Op::logical_xor: {
      const Truth a = left.as_truth(), b = right.as_truth();
      if (a == Truth::null || b == Truth::null) return Truth::null;
      return truth_of(a != b);
    }
    default:
      break;
  }
  const Value a = left.as_value(), b = right.as_value();
  switch (expr.op) {
    case Op::add:
      return a.number() && b.number() ? arithmetic(Op::add, a, b) : joined(a, b);
    case Op::concat:
      return joined(a, b);
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo:
      return arithmetic(expr.op, a, b);
    default:
      return compared(expr.op, a, b);
  }
}

}  // namespace

Truth truth_of(bool b) { return b ? Truth::yes : Truth::no; }

Truth compared(Op op, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Truth::null;
  for (const Value& x : each(a))
    for (const Value& y : each(b))
      if (fits(op, order_of(x, y))) return Truth::yes;
  return Truth::no;
}

Value Datum::as_value() const {
  if (!is_truth) return value;
  if (truth == Truth::null) return {};
  return truth == Truth::yes ? "True" : "False";
}

Truth Datum::as_truth() const {
  if (is_truth) return truth;
  if (value.is_null()) return Truth::null;
  for (const Value& one : each(value)) {
    const auto number = one.number();
    if (number ? *number != 0 : base::iequals(one.text(), "true")) return Truth::yes;
  }
  return Truth::no;
}

Datum evaluate(const spl::Expr& expr, const Frame& frame) {
  switch (expr.kind) {
    case Kind::number:
      if (std::fabs(expr.number) >= kExact && integer(Value(expr.text))) return Value(expr.text);
      return Value(expr.number);
    case Kind::string:
      return Value(expr.text);
    case Kind::field:
      return frame.row.get(expr.text);
    case Kind::call:
      return call(expr, frame);
    case Kind::negate:
      return arithmetic(Op::subtract, Value(0.0), evaluate(expr.args[0], frame).as_value());
    case Kind::logical_not:
      return negated(evaluate(expr.args[0], frame).as_truth());
    case Kind::binary:
      return binary(expr, frame);
  }
  return {};
}

}  // namespace escudo::twin
