#pragma once
// What the engine and the twin made of the same search, side by side.

#include <string>

#include "pipeline/row.hpp"
#include "twin/twin.hpp"

namespace escudo::twin {

// A fraction with many digits cut to nine; any other text as it is.
std::string settled(const std::string& text);

// Empty when both hold the same rows with the same records behind them, else the rows that only one
// of them has. Order counts only where the answer is ordered. Null and absent are the same, 5 and "5"
// too; fractions may differ in their last digits, as sums do that were added in another order.
std::string difference(const pipeline::Table& engine, const Answer& answer);

}  // namespace escudo::twin
