// min, max: by number when every value is one, else by text. range: the distance of the two numbers.
#include <algorithm>

#include "pipeline/aggregates/aggregates.hpp"

namespace escudo::pipeline::aggregates {
namespace {

class Extreme final : public Accumulator {
 public:
  explicit Extreme(bool greatest) : greatest_(greatest) {}

  void add(const Value& value, std::optional<double>) override {
    if (value.is_null()) return;
    // A number's text counts too, should a value come that is none.
    if (value.is_number()) {
      const double n = value.as_number();
      number(n);
      // Of ten digits before the point, such as times, the text sorts as the number does.
      if (n < 1e9 || n >= 1e10) return as_text(value.text());
      if (!unwritten_ || (greatest_ ? n > *unwritten_ : n < *unwritten_)) unwritten_ = n;
      return;
    }
    for (const std::string& text : value.values()) {
      if (auto n = event::parse_number(text)) number(*n);
      // Splunk prefers numbers only if all values are numbers.
      else all_numbers_ = false;
      as_text(text);
    }
  }

  Value result() const override {
    if (number_ && all_numbers_) return *number_;
    if (const auto text = written()) return *text;
    return number_ ? Value(*number_) : Value();
  }
  void save(base::Packer& out) const override {
    out.flag(all_numbers_).flag(number_.has_value()).real(number_.value_or(0));
    const auto text = written();
    out.flag(text.has_value()).text(text.value_or(""));
  }
  void load(base::Unpacker& in) override {
    all_numbers_ = in.flag();
    const bool has_number = in.flag();
    const double n = in.real();
    if (has_number) number_ = n;
    const bool has_text = in.flag();
    const std::string_view text = in.text();
    if (has_text) text_ = std::string(text);
  }

 private:
  void as_text(const std::string& text) {
    if (!text_ || better(text, *text_)) text_ = text;
  }
  void number(double n) {
    if (!number_ || (greatest_ ? n > *number_ : n < *number_)) number_ = n;
  }
  std::optional<std::string> written() const {
    if (!unwritten_) return text_;
    const std::string text = Value(*unwritten_).text();
    return !text_ || better(text, *text_) ? text : text_;
  }
  bool better(const std::string& a, const std::string& b) const { return greatest_ ? a > b : a < b; }
  bool greatest_;
  bool all_numbers_ = true;
  std::optional<double> number_;
  std::optional<std::string> text_;
  std::optional<double> unwritten_;   // a number whose text counts like text_
};

class Range final : public Accumulator {
 public:
  void add(const Value& value, std::optional<double>) override {
    for (const std::string& text : value.values())
      if (auto n = event::parse_number(text)) {
        low_ = low_ ? std::min(*low_, *n) : *n;
        high_ = high_ ? std::max(*high_, *n) : *n;
      }
  }
  Value result() const override { return low_ ? Value(*high_ - *low_) : Value(); }
  void save(base::Packer& out) const override {
    out.flag(low_.has_value()).real(low_.value_or(0)).real(high_.value_or(0));
  }
  void load(base::Unpacker& in) override {
    const bool any = in.flag();
    const double low = in.real(), high = in.real();
    if (any) low_ = low, high_ = high;
  }

 private:
  std::optional<double> low_, high_;
};

}  // namespace

AccumulatorPtr make_extreme(const spl::Aggregate& a, const Limits&) {
  if (a.function == "min" || a.function == "max") return std::make_unique<Extreme>(a.function == "max");
  if (a.function == "range") return std::make_unique<Range>();
  return nullptr;
}

}  // namespace escudo::pipeline::aggregates
