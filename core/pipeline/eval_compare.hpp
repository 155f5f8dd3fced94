#pragma once
// How eval compares two values, and what it counts as text and as an integer. Pure functions.

#include <cstdint>
#include <optional>

#include "pipeline/eval_node.hpp"

namespace escudo::pipeline {

// The text of a value without a copy where it is one. The value must outlive it.
class Text {
 public:
  explicit Text(const Value& v) : hold_(v.is_text() ? std::string() : v.text()) {
    view_ = v.is_text() ? std::string_view(v.as_text()) : hold_;
  }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  std::string_view operator*() const { return view_; }

 private:
  std::string hold_;
  std::string_view view_;
};

// Doubles tell integers apart up to here; record ids, FILETIMEs and pointers go beyond.
constexpr double kExactInteger = 9007199254740992.0;
// The integer a value is or spells, exactly.
std::optional<std::int64_t> integer_of(const Value& value);

// Numbers by size when both look like numbers, else texts byte by byte. Neither is null or
// multivalue.
int order_of(const Value& a, const Value& b);
bool same(const Value& a, const Value& b);

// a <op> b with NULL as the answer when a side is NULL; of multivalues any pair may fit.
Truth compare_values(spl::Expr::Op op, const Value& a, const Value& b);

// x IN (list), where `list` is one item. An item that is NULL is skipped, so `x IN (NULL)` is false
// and its negation true: an unsettled point of Splunk (docs/spl.md), decided here and nowhere else.
// A NULL x is NULL.
Truth member_of(const Value& x, const Value& item);

}  // namespace escudo::pipeline
