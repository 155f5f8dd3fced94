#include "pipeline/eval_compare.hpp"

#include <charconv>
#include <cmath>

namespace escudo::pipeline {
namespace {

using Op = spl::Expr::Op;

int sign(double x, double y) { return x < y ? -1 : x > y ? 1 : 0; }

int order_of_numbers(double x, double y, const Value& a, const Value& b) {
  if (const int order = sign(x, y)) return order;
  if (std::fabs(x) < kExactInteger) return 0;
  const auto m = integer_of(a), n = integer_of(b);
  if (!m || !n) return 0;
  return *m < *n ? -1 : *m > *n ? 1 : 0;
}

bool fits(Op op, const Value& a, const Value& b) {
  if (op == Op::equal) return same(a, b);
  if (op == Op::not_equal) return !same(a, b);
  const int order = order_of(a, b);
  switch (op) {
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

template <class F>
bool any_value(const Value& v, F f) {
  if (!v.is_many()) return f(v);
  for (const std::string& one : v.as_many())
    if (f(Value(one))) return true;
  return false;
}

}  // namespace

std::optional<std::int64_t> integer_of(const Value& value) {
  if (value.is_number()) {
    const double n = value.as_number();
    if (n != std::trunc(n) || std::fabs(n) > kExactInteger) return {};
    return static_cast<std::int64_t>(n);
  }
  if (!value.is_text()) return {};
  const std::string& text = value.as_text();
  std::int64_t n = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, n);
  if (error != std::errc{} || stop != end) return {};
  return n;
}

int order_of(const Value& a, const Value& b) {
  const auto x = a.number();
  const auto y = x ? b.number() : std::nullopt;
  if (x && y) return order_of_numbers(*x, *y, a, b);
  const Text s(a), t(b);
  const int order = (*s).compare(*t);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

bool same(const Value& a, const Value& b) {
  if (a.is_text() && b.is_text() && a.as_text() == b.as_text()) return true;
  return order_of(a, b) == 0;
}

Truth compare_values(Op op, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Truth::null;
  if (!a.is_many() && !b.is_many()) return truth_of(fits(op, a, b));
  return truth_of(any_value(a, [&](const Value& x) {
    return any_value(b, [&](const Value& y) { return fits(op, x, y); });
  }));
}

Truth member_of(const Value& x, const Value& item) {
  if (x.is_null()) return Truth::null;
  if (item.is_null()) return Truth::no;
  return compare_values(Op::equal, x, item);
}

}  // namespace escudo::pipeline
