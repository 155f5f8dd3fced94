#pragma once
// What lookup and inputlookup find under a table's name, and what they say when there is nothing: a
// table that is optional (a KV store, a table of the site) or unknown counts as empty. That is a
// warning when the search is built and is said once when rows come.

#include "pipeline/lookup_table.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

struct LookupSource {
  catalog::LookupDefinition definition;
  std::shared_ptr<const LookupTable> table;  // never null
  std::unique_ptr<LookupStore> own;          // where the run has no store
  std::string absence;  // why it is empty, to be said once; "" when it is there

  LookupStore& store(const Context& context) { return own ? *own : *context.lookups; }
};

LookupSource find_lookup(const std::string& name, base::Span span, const Build& build);

// Lookups that are functions: ut_shannon_lookup (Shannon entropy). Null when the name is none of
// them or the rule set has a table of that name.
OperatorPtr make_builtin_lookup(const spl::Lookup& verb, const Build& build);

}  // namespace escudo::pipeline
