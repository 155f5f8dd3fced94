// percN: the value below which N percent of the numbers lie, interpolated between neighbours.
#include <algorithm>
#include <cmath>

#include "pipeline/aggregates/aggregates.hpp"

namespace escudo::pipeline::aggregates {
namespace {

class Percentile final : public Accumulator {
 public:
  explicit Percentile(double percent) : percent_(percent) {}
  void add(const Value& value, std::optional<double>) override {
    for (const std::string& text : value.values())
      if (auto n = event::parse_number(text)) numbers_.push_back(*n);
  }
  Value result() const override {
    if (numbers_.empty()) return {};
    std::vector<double> sorted = numbers_;
    std::sort(sorted.begin(), sorted.end());
    const double place = percent_ / 100.0 * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(std::floor(place));
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (place - std::floor(place));
  }
  std::size_t bytes() const override { return sizeof(*this) + numbers_.size() * sizeof(double); }
  void save(base::Packer& out) const override {
    out.number(numbers_.size());
    for (double x : numbers_) out.real(x);
  }
  void load(base::Unpacker& in) override {
    for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) numbers_.push_back(in.real());
  }

 private:
  double percent_;
  std::vector<double> numbers_;
};

}  // namespace

AccumulatorPtr make_percentile(const spl::Aggregate& a, const Limits&) {
  if (a.function != "perc" || a.argument < 0 || a.argument > 100) return nullptr;
  return std::make_unique<Percentile>(a.argument);
}

}  // namespace escudo::pipeline::aggregates
