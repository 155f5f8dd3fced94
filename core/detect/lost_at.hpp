#pragma once
// Why a stage let a row go: the condition or the BY field that decided. Private to detect. Pure.

#include <string>
#include <utility>
#include <vector>

#include "detect/terms.hpp"
#include "event/value.hpp"
#include "pipeline/operator.hpp"
#include "spl/ast.hpp"

namespace escudo::detect {

using RowFields = std::vector<std::pair<std::string, event::Value>>;

// What the command reads of the row it was given.
RowFields read_by(const spl::Command& command, const RowFields& row);

// Of where and search the terms that failed, of stats and tstats the BY fields that are null; of
// other commands nothing.
std::vector<LostTerm> lost_at(const spl::Command& command, const RowFields& row,
                              const pipeline::Context& context);

}  // namespace escudo::detect
