#include "event/value.hpp"

#include <charconv>

#include "base/json.hpp"
#include "base/text.hpp"

namespace escudo::event {

Value Value::many(Many values) {
  Value v;
  if (values.size() == 1) {
    v.state_ = std::move(values.front());
  } else if (!values.empty()) {
    v.state_ = std::move(values);
  }
  return v;
}

std::string Value::text() const {
  if (is_text()) return as_text();
  if (is_number()) return base::number_text(as_number());
  std::string joined;
  if (is_many()) {
    for (const std::string& one : as_many()) {
      if (&one != &as_many().front()) joined += '\n';
      joined += one;
    }
  }
  return joined;
}

std::optional<double> Value::number() const {
  if (is_number()) return as_number();
  if (is_text()) return parse_number(as_text());
  return {};
}

Value::Many Value::values() const {
  if (is_null()) return {};
  if (is_many()) return as_many();
  return {text()};
}

std::size_t Value::count() const {
  if (is_null()) return 0;
  return is_many() ? as_many().size() : 1;
}

std::optional<double> parse_number(std::string_view text) {
  // from_chars takes no '+', but takes "inf" and "nan": the first character decides.
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return {};
  }
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !(base::is_digit(digits.front()) || digits.front() == '.')) return {};
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return {};
  return number;
}

}  // namespace escudo::event
