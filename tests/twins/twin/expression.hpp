#pragma once
// Eval expressions, walked as they were parsed.

#include <set>
#include <string>

#include "interpreter.hpp"

namespace escudo::twin {

enum class Truth { no, yes, null };

// What an expression yields: a value, or a truth.
struct Datum {
  Value value;
  bool is_truth = false;
  Truth truth = Truth::null;

  Datum() = default;
  Datum(Value v) : value(std::move(v)) {}
  Datum(Truth t) : is_truth(true), truth(t) {}
  Value as_value() const;   // a truth is the text True or False
  Truth as_truth() const;
  bool is_null() const { return is_truth ? truth == Truth::null : value.is_null(); }
};

// One row and what an expression may know beside it.
struct Frame {
  const Row& row;
  const std::set<std::string>& names;  // of all rows: decides what `a.b` is
  base::Time now{};
};

Datum evaluate(const spl::Expr& expr, const Frame& frame);
Datum call(const spl::Expr& expr, const Frame& frame);  // functions.cpp

Truth truth_of(bool b);
Truth compared(spl::Expr::Op op, const Value& a, const Value& b);

}  // namespace escudo::twin
