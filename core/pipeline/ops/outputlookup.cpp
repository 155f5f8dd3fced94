// outputlookup: Escudo never writes into a rule set. The rows pass, and that is said once.
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

OperatorPtr make_outputlookup(const spl::OutputLookup& verb, const Build& build) {
  return row_wise([table = verb.table, context = &build.context](Table&) {
    context->say("outputlookup " + table + ": the table is not written");
  });
}

}  // namespace escudo::pipeline
