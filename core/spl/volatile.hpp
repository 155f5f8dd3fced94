#pragma once
// Volatile functions of eval: what they give depends on more than their arguments. What reads one must
// be asked when the search runs, and not of one event alone. Pure functions.

#include <string_view>

#include "spl/ast.hpp"

namespace escudo::spl {

bool is_volatile(std::string_view function);   // lower case
// The first volatile function an expression calls; empty when there is none.
std::string_view volatile_call(const Expr& expr);

}  // namespace escudo::spl
