#pragma once
// From a row of a rule's result to its finding. Pure.

#include <functional>
#include <optional>

#include "detect/rule_book.hpp"
#include "findings/finding.hpp"
#include "pipeline/row.hpp"

namespace escudo::detect {

// `record` gives the event of a record number. `window` is the start of a windowed search's window.
// The row's cells are moved from.
findings::Finding row_finding(const CompiledRule& rule, const pipeline::Table& table, pipeline::Row& row,
                              std::optional<base::Time> window,
                              const std::function<findings::EvidenceEvent(std::uint64_t)>& record);

}  // namespace escudo::detect
