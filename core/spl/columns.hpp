#pragma once
// One column seen backwards through a command. Pure functions.

#include <optional>
#include <string>

#include "spl/ast.hpp"

namespace escudo::spl {

// The column of the rows a command takes that is the column `name` of the rows it gives, value for
// value, where leaving out all rows with a value of it leaves out the rows with that value and
// changes no other. A grouping has a row of several values in a group for each. Nothing where that is
// not so.
std::optional<std::string> column_before(const Command& command, const std::string& name);

// Whether the columns it gives do not depend on its rows.
bool fixes_columns(const Command& command);

// Whether it may give more rows than it takes. Of commands that column_before() passes.
bool multiplies_rows(const Command& command);

}  // namespace escudo::spl
