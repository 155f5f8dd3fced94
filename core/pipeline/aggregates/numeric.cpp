// sum, avg, sumsq, stdev, stdevp, var, varp. What is not a number is passed over. stdev and var are
// those of a sample (n − 1); of a single value they are 0, as Splunk has it.
#include <cmath>

#include "pipeline/aggregates/aggregates.hpp"

namespace escudo::pipeline::aggregates {
namespace {

class Moments final : public Accumulator {
 public:
  explicit Moments(std::string function) : function_(std::move(function)) {}

  void add(const Value& value, std::optional<double>) override {
    if (value.is_number()) return number(value.as_number());
    for (const std::string& text : value.values())
      if (auto n = event::parse_number(text)) number(*n);
  }

  Value result() const override {
    if (n_ == 0) return {};
    if (function_ == "sum") return sum_;
    if (function_ == "avg") return mean_;
    if (function_ == "sumsq") return squares_;
    const bool sample = function_ == "stdev" || function_ == "var";
    const double divisor = static_cast<double>(n_) - (sample ? 1 : 0);
    const double variance = divisor > 0 ? spread_ / divisor : 0;
    return function_.starts_with("stdev") ? std::sqrt(variance) : variance;
  }
  void save(base::Packer& out) const override {
    out.number(n_).real(sum_).real(squares_).real(mean_).real(spread_);
  }
  void load(base::Unpacker& in) override {
    n_ = in.number();
    for (double* x : {&sum_, &squares_, &mean_, &spread_}) *x = in.real();
  }

 private:
  void number(double x) {   // Welford: stable for large values such as epoch seconds
    ++n_;
    sum_ += x;
    squares_ += x * x;
    const double delta = x - mean_;
    mean_ += delta / static_cast<double>(n_);
    spread_ += delta * (x - mean_);
  }
  std::string function_;
  std::uint64_t n_ = 0;
  double sum_ = 0, squares_ = 0, mean_ = 0, spread_ = 0;
};

}  // namespace

AccumulatorPtr make_numeric(const spl::Aggregate& a, const Limits&) {
  for (const char* name : {"sum", "avg", "sumsq", "stdev", "stdevp", "var", "varp"})
    if (a.function == name) return std::make_unique<Moments>(a.function);
  return nullptr;
}

}  // namespace escudo::pipeline::aggregates
