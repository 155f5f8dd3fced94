// min, max, sum and avg of the arguments; random().
#include <cstdint>

#include "pipeline/eval_arithmetic.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

// Every value of every argument that is not NULL.
template <class F>
void each_value(Args args, F f) {
  for (const Value* v : args) {
    if (v->is_many()) {
      for (const std::string& one : v->as_many()) f(Value(one));
    } else if (!v->is_null()) {
      f(*v);
    }
  }
}

// Any text is greater than any number.
template <int direction>
NodePtr make_extreme(Call& call) {
  return of_all(call, [](Args args) {
    Value out;
    each_value(args, [&](const Value& v) {
      if (out.is_null() || compare(v, out) * direction > 0) out = v;
    });
    return out;
  });
}

template <bool mean>
NodePtr make_sum(Call& call) {
  return of_all(call, [](Args args) {
    double sum = 0, count = 0;
    each_value(args, [&](const Value& v) {
      if (const auto n = v.number()) sum += *n, ++count;
    });
    if (count == 0) return Value();
    return finite(mean ? sum / count : sum);
  });
}

// Whole numbers from 0 to 2^31 - 1. The sequence is the same in every run, so that a run can be
// repeated; each call in a search has its own.
class Random final : public ValueNode {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  const Value& value(const Scope&, Value& hold) override {
    // SplitMix64.
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    hold = static_cast<double>(z >> 33);
    return hold;
  }

 private:
  std::uint64_t state_;
};

NodePtr make_random(Call& call) { return std::make_unique<Random>(call.expr.span.begin); }

constexpr Function kFunctions[] = {
    {"avg", 1, Function::kAny, "avg(number, …)", make_sum<true>},
    {"max", 1, Function::kAny, "max(value, …)", make_extreme<1>},
    {"min", 1, Function::kAny, "min(value, …)", make_extreme<-1>},
    {"random", 0, 0, "random()", make_random},
    {"sum", 1, Function::kAny, "sum(number, …)", make_sum<false>},
};

}  // namespace

Functions statistics_functions() { return kFunctions; }

}  // namespace escudo::pipeline
