#pragma once
// The order of raw events. Splunk hands them out newest first; Escudo feeds them as they are read.
// A verb that asks which row comes first (dedup, head, transaction, list() …) gets the newest-first
// operator in front of it, unless an earlier verb has already given the rows an order of their own.
//
// It goes by the evidence of the rows, so it works where _time has been removed; rows without
// evidence keep their places at the end. Holds every row until the end of the input.

#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

enum class RowOrder {
  passes,  // the verb does not care and hands rows on as they come
  needs,   // the verb's result depends on the order of its rows
  makes,   // whatever came in, the verb's rows have an order of their own
};
RowOrder row_order(const spl::Command& command);

// Whether some command from `first` on, or whoever takes the rows at the end, needs an order before
// a command makes its own.
bool order_matters(const spl::Pipeline& pipeline, std::size_t first, bool at_end);

OperatorPtr make_newest_first();

}  // namespace escudo::pipeline
