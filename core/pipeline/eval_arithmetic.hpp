#pragma once
// Arithmetic of eval. What is not a number, a division by zero and a result beyond a double's range
// give NULL. Pure functions.

#include "pipeline/eval_node.hpp"

namespace escudo::pipeline {

Value calculate(spl::Expr::Op op, const Value& a, const Value& b);
Value negated(const Value& value);
// A number, or NULL when it is infinite or none.
Value finite(double number);

}  // namespace escudo::pipeline
