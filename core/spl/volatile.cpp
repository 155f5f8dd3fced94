// That the list is whole: tests/unit/pipeline/volatile_test.cpp, over every function there is.
#include "spl/volatile.hpp"

#include <algorithm>

namespace escudo::spl {

bool is_volatile(std::string_view function) {
  // strptime takes from now what its format leaves out.
  static constexpr std::string_view names[] = {"now", "random", "strptime", "time"};
  return std::find(std::begin(names), std::end(names), function) != std::end(names);
}

std::string_view volatile_call(const Expr& expr) {
  if (expr.kind == Expr::Kind::call && is_volatile(expr.text)) return expr.text;
  for (const Expr& arg : expr.args)
    if (const std::string_view found = volatile_call(arg); !found.empty()) return found;
  return {};
}

}  // namespace escudo::spl
