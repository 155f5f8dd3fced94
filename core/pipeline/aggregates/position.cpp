// earliest, latest: the value at the smallest or greatest _time; first, last: in order of arrival.
// earliest_time, latest_time: the times themselves. rate: change per second between the two.
#include "pipeline/aggregates/aggregates.hpp"

namespace escudo::pipeline::aggregates {
namespace {

enum class Which { first, last, earliest, latest };

class Position final : public Accumulator {
 public:
  Position(Which which, bool time_only) : which_(which), time_only_(time_only) {}

  void add(const Value& value, std::optional<double> time) override {
    if (!value.is_null() && takes(time)) value_ = value;
  }
  void add_text(std::string_view value, std::optional<double> time) override {
    if (takes(time)) value_ = Value(value);
  }
  Value result() const override { return !have_ ? Value() : time_only_ ? Value(time_) : value_; }

  void save(base::Packer& out) const override {
    out.flag(have_).real(time_);
    event::pack(out, value_);
  }
  void load(base::Unpacker& in) override {
    have_ = in.flag();
    time_ = in.real();
    value_ = event::unpack_value(in);
  }

 private:
  // Whether the value at this time takes the place of the one so far.
  bool takes(std::optional<double> time) {
    const double t = time.value_or(0);
    bool take = !have_;
    if (have_) {
      switch (which_) {
        case Which::first: break;
        case Which::last: take = true; break;
        case Which::earliest: take = t < time_; break;
        case Which::latest: take = t >= time_; break;   // of two at one time the later read wins
      }
    }
    if (!take) return false;
    have_ = true;
    time_ = t;
    return true;
  }

  Which which_;
  bool time_only_;
  bool have_ = false;
  double time_ = 0;
  Value value_;
};

class Rate final : public Accumulator {
 public:
  void add(const Value& value, std::optional<double> time) override {
    auto n = value.number();
    if (!n || !time) return;
    if (!have_ || *time < first_time_) first_time_ = *time, first_ = *n;
    if (!have_ || *time >= last_time_) last_time_ = *time, last_ = *n;
    have_ = true;
  }
  Value result() const override {
    return have_ && last_time_ > first_time_ ? Value((last_ - first_) / (last_time_ - first_time_)) : Value();
  }
  void save(base::Packer& out) const override {
    out.flag(have_).real(first_time_).real(last_time_).real(first_).real(last_);
  }
  void load(base::Unpacker& in) override {
    have_ = in.flag();
    for (double* x : {&first_time_, &last_time_, &first_, &last_}) *x = in.real();
  }

 private:
  bool have_ = false;
  double first_time_ = 0, last_time_ = 0, first_ = 0, last_ = 0;
};

}  // namespace

AccumulatorPtr make_position(const spl::Aggregate& a, const Limits&) {
  if (a.function == "rate") return std::make_unique<Rate>();
  for (auto [name, which] : {std::pair{"first", Which::first}, {"last", Which::last}, {"earliest", Which::earliest}, {"latest", Which::latest}})
    if (a.function == name) return std::make_unique<Position>(which, false);
  for (auto [name, which] : {std::pair{"earliest_time", Which::earliest}, {"latest_time", Which::latest}})
    if (a.function == name) return std::make_unique<Position>(which, true);
  return nullptr;
}

}  // namespace escudo::pipeline::aggregates
