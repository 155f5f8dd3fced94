// Functions of numbers. What is not a number gives NULL, and so does a result that is none.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "pipeline/eval_arithmetic.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

template <double (*f)(double)>
NodePtr of_number(Call& call) {
  return of_each(call, [](const Value& x, Args) {
    const auto n = x.number();
    return n ? finite(f(*n)) : Value();
  });
}

template <double (*f)(double, double)>
NodePtr of_two(Call& call) {
  return of_each(call, [](const Value& x, Args args) {
    const auto a = x.number(), b = args[1]->number();
    return a && b ? finite(f(*a, *b)) : Value();
  });
}

double absolute(double x) { return std::fabs(x); }
double ceiling(double x) { return std::ceil(x); }
double floor_(double x) { return std::floor(x); }
double exponential(double x) { return std::exp(x); }
double natural_log(double x) { return std::log(x); }
double square_root(double x) { return std::sqrt(x); }
double power(double x, double y) { return std::pow(x, y); }
double itself(double x) { return x; }
double acos_(double x) { return std::acos(x); }
double acosh_(double x) { return std::acosh(x); }
double asin_(double x) { return std::asin(x); }
double asinh_(double x) { return std::asinh(x); }
double atan_(double x) { return std::atan(x); }
double atanh_(double x) { return std::atanh(x); }
double cos_(double x) { return std::cos(x); }
double cosh_(double x) { return std::cosh(x); }
double sin_(double x) { return std::sin(x); }
double sinh_(double x) { return std::sinh(x); }
double tan_(double x) { return std::tan(x); }
double tanh_(double x) { return std::tanh(x); }
double atan2_(double y, double x) { return std::atan2(y, x); }
double hypot_(double x, double y) { return std::hypot(x, y); }

NodePtr make_log(Call& call) {
  return of_each(call, [](const Value& x, Args args) {
    const auto n = x.number();
    const auto base = args.size() > 1 ? args[1]->number() : std::optional(10.0);
    if (!n || !base) return Value();
    return finite(*base == 10 ? std::log10(*n) : std::log(*n) / std::log(*base));
  });
}

// Half away from zero. Negative places round to tens, hundreds and so on.
double rounded(double x, int places) {
  const double scale = std::pow(10.0, std::abs(places));
  const double scaled = places < 0 ? x / scale : x * scale;
  if (!std::isfinite(scaled)) return x;  // it has no such places
  return places < 0 ? std::round(scaled) * scale : std::round(scaled) / scale;
}

NodePtr make_round(Call& call) {
  return of_each(call, [](const Value& x, Args args) -> Value {
    const auto n = x.number();
    const auto places = args.size() > 1 ? whole(*args[1]) : std::optional<std::int64_t>(0);
    if (!n || !places) return {};
    return finite(rounded(*n, static_cast<int>(std::clamp<std::int64_t>(*places, -300, 300))));
  });
}

NodePtr make_pi(Call&) { return make_constant(std::numbers::pi); }

constexpr Function kFunctions[] = {
    {"abs", 1, 1, "abs(number)", of_number<absolute>},
    {"acos", 1, 1, "acos(number)", of_number<acos_>},
    {"acosh", 1, 1, "acosh(number)", of_number<acosh_>},
    {"asin", 1, 1, "asin(number)", of_number<asin_>},
    {"asinh", 1, 1, "asinh(number)", of_number<asinh_>},
    {"atan", 1, 1, "atan(number)", of_number<atan_>},
    {"atan2", 2, 2, "atan2(y, x)", of_two<atan2_>},
    {"atanh", 1, 1, "atanh(number)", of_number<atanh_>},
    {"ceil", 1, 1, "ceil(number)", of_number<ceiling>},
    {"ceiling", 1, 1, "ceiling(number)", of_number<ceiling>},
    {"cos", 1, 1, "cos(radians)", of_number<cos_>},
    {"cosh", 1, 1, "cosh(number)", of_number<cosh_>},
    {"exact", 1, 1, "exact(number)", of_number<itself>},
    {"exp", 1, 1, "exp(number)", of_number<exponential>},
    {"floor", 1, 1, "floor(number)", of_number<floor_>},
    {"hypot", 2, 2, "hypot(x, y)", of_two<hypot_>},
    {"ln", 1, 1, "ln(number)", of_number<natural_log>},
    {"log", 1, 2, "log(number [, base])", make_log},
    {"pi", 0, 0, "pi()", make_pi},
    {"pow", 2, 2, "pow(number, exponent)", of_two<power>},
    {"round", 1, 2, "round(number [, places])", make_round},
    {"sin", 1, 1, "sin(radians)", of_number<sin_>},
    {"sinh", 1, 1, "sinh(number)", of_number<sinh_>},
    {"sqrt", 1, 1, "sqrt(number)", of_number<square_root>},
    {"tan", 1, 1, "tan(radians)", of_number<tan_>},
    {"tanh", 1, 1, "tanh(number)", of_number<tanh_>},
};

}  // namespace

Functions math_functions() { return kFunctions; }

}  // namespace escudo::pipeline
