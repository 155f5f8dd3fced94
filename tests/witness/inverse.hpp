#pragma once
// Inverse: what the fields of an expression should be, so that it is what is wanted of it.

#include "goals.hpp"

namespace escudo::witness {

class Inverse {
 public:
  Inverse(Goals& goals, Random& random) : goals_(goals), random_(random) {}

  void want(const std::string& field, Goal goal);
  // The expression is to have this value.
  void wanted(const spl::Expr& expr, const Goal& goal);
  // The condition is to be true, or false.
  void condition(const spl::Expr& expr, bool wanted);
  void condition(const spl::SearchExpr& expr, bool wanted);

 private:
  void compared(const spl::Expr& side, spl::Expr::Op op, const spl::Expr& literal, bool wanted);

  Goals& goals_;
  Random& random_;
};

}  // namespace escudo::witness
