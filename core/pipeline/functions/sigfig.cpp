// sigfig(expression): the result rounded to the digits its operands are known to. A product keeps
// as many significant digits as its least known factor, a sum as many decimals as its coarsest
// term: sigfig(1.00 * 1111) is 1110.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

using Op = spl::Expr::Op;
constexpr int kExact = 1000;  // more digits than any number has

struct Measured {
  double value = 0;
  int digits = kExact;    // significant
  int decimals = kExact;  // behind the point
};

// "0.0120" has three significant digits and four decimals.
Measured measured(std::string_view text, double value) {
  Measured out{value, 0, 0};
  bool point = false, begun = false;
  for (const char c : text) {
    if (c == 'e' || c == 'E') break;
    if (c == '.') point = true;
    if (!base::is_digit(c)) continue;
    begun = begun || c != '0';
    if (begun) ++out.digits;
    if (point) ++out.decimals;
  }
  return out;
}

// The place of the first digit: 0 for 1 to 9, 2 for hundreds.
int magnitude(double x) {
  return x == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::fabs(x))));
}

std::optional<Measured> combine(Op op, const Measured& a, const Measured& b) {
  Measured out;
  switch (op) {
    case Op::add:
      out.value = a.value + b.value;
      break;
    case Op::subtract:
      out.value = a.value - b.value;
      break;
    case Op::multiply:
      out.value = a.value * b.value;
      break;
    default:
      if (b.value == 0) return {};
      out.value = a.value / b.value;
  }
  if (op == Op::add || op == Op::subtract) {
    out.decimals = std::min(a.decimals, b.decimals);
    out.digits = std::max(out.decimals + magnitude(out.value) + 1, 0);
  } else {
    out.digits = std::min(a.digits, b.digits);
    out.decimals = out.digits - magnitude(out.value) - 1;
  }
  return out;
}

class SigFig final : public ValueNode {
 public:
  struct Part {
    Op op = Op::none;
    std::string written;  // of a number in the search
    NodePtr leaf;
    std::vector<Part> sides;
  };
  explicit SigFig(Part root) : root_(std::move(root)) {}
  void bind(const std::vector<std::string>& columns) override { bind(root_, columns); }
  const Value& value(const Scope& scope, Value& hold) override {
    hold = Value();
    const auto result = measure(root_, scope);
    if (!result || !std::isfinite(result->value)) return hold;
    const int places = std::clamp(result->digits - magnitude(result->value) - 1, -300, 300);
    const double scale = std::pow(10.0, std::abs(places));
    const double scaled = places < 0 ? result->value / scale : result->value * scale;
    if (!std::isfinite(scaled))
      hold = result->value;
    else
      hold = places < 0 ? std::round(scaled) * scale : std::round(scaled) / scale;
    return hold;
  }

 private:
  static void bind(Part& part, const std::vector<std::string>& columns) {
    if (part.leaf) part.leaf->bind(columns);
    for (Part& side : part.sides) bind(side, columns);
  }
  static std::optional<Measured> measure(Part& part, const Scope& scope) {
    if (!part.leaf) {
      const auto a = measure(part.sides[0], scope), b = measure(part.sides[1], scope);
      return a && b ? combine(part.op, *a, *b) : std::nullopt;
    }
    Value hold;
    const Value& value = part.leaf->value(scope, hold);
    const auto n = value.number();
    if (!n) return {};
    return part.written.empty() ? measured(*Text(value), *n) : measured(part.written, *n);
  }
  Part root_;
};

std::optional<SigFig::Part> part_of(const spl::Expr& expr, Compiler& compiler) {
  SigFig::Part out;
  const bool arithmetic =
      expr.kind == spl::Expr::Kind::binary && (expr.op == Op::add || expr.op == Op::subtract ||
                                               expr.op == Op::multiply || expr.op == Op::divide);
  if (!arithmetic) {
    if (expr.kind == spl::Expr::Kind::number) out.written = expr.text;
    out.leaf = compiler.compile(expr);
    if (!out.leaf) return {};
    return out;
  }
  out.op = expr.op;
  for (const spl::Expr& side : expr.args) {
    auto part = part_of(side, compiler);
    if (!part) return {};
    out.sides.push_back(std::move(*part));
  }
  return out;
}

NodePtr make_sigfig(Call& call) {
  auto root = part_of(call.expr.args[0], call.compiler);
  return root ? std::make_unique<SigFig>(std::move(*root)) : nullptr;
}

constexpr Function kFunctions[] = {
    {"sigfig", 1, 1, "sigfig(expression)", make_sigfig},
};

}  // namespace

Functions sigfig_functions() { return kFunctions; }

}  // namespace escudo::pipeline
