#pragma once
// Value: one cell of a result row. Splunk is untyped: text is text until a verb needs a number.
// Owned, copyable, not shared between threads.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace escudo::event {

class Value {
 public:
  using Many = std::vector<std::string>;

  Value() = default;  // null
  Value(double number) : state_(number) {}
  Value(std::string text) : state_(std::move(text)) {}
  Value(std::string_view text) : state_(std::string(text)) {}
  Value(const char* text) : state_(std::string(text)) {}
  // A multivalue: none is null, one is plain text.
  static Value many(Many values);

  bool is_null() const { return state_.index() == 0; }
  bool is_number() const { return state_.index() == 1; }
  bool is_text() const { return state_.index() == 2; }
  bool is_many() const { return state_.index() == 3; }

  double as_number() const { return std::get<double>(state_); }            // is_number()
  const std::string& as_text() const { return std::get<std::string>(state_); }  // is_text()
  const Many& as_many() const { return std::get<Many>(state_); }           // is_many()

  // Text of any value: "" for null, integers without a point, multivalues joined by newlines.
  std::string text() const;
  // The number this value is or spells (decimal, no surrounding text); nothing for null and
  // multivalues.
  std::optional<double> number() const;
  // Each value as text: none for null.
  Many values() const;
  std::size_t count() const;

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::monostate, double, std::string, Many> state_;
};

// "12", "-3.5", "1e9", " 7 " is not: what Splunk treats as a number in text. Hex is text.
std::optional<double> parse_number(std::string_view text);

}  // namespace escudo::event
