#pragma once
// Walking a pipeline: the bracketed pipelines inside a command.

#include <vector>

#include "spl/ast.hpp"

namespace escudo::spl {

// In the order their brackets stand in the text: those of joins, appends, appendpipe, multisearch, and
// the subsearches of a filter. The body of foreach is not among them: it is text until rows come.
std::vector<PipelinePtr> sub_pipelines(const Command& command);

}  // namespace escudo::spl
