#pragma once
// Lints: what is probably wrong with a detection that compiles: fields nobody can give, names in
// the wrong case, techniques nobody knows. Warnings; none of them changes a status.
//
// Borrows catalog and maps. Immutable after construction, thread-safe.

#include <map>
#include <set>
#include <string>

#include "base/diagnostic.hpp"
#include "catalog/catalog.hpp"
#include "cim/maps.hpp"
#include "detect/rule_book.hpp"

namespace escudo::detect {

class Linter {
 public:
  Linter(const catalog::Catalog& catalog, const cim::Maps& maps);

  // Codes: no-such-column, unknown-model-field, field-case, unknown-technique. Located in the
  // rule's file. Nothing for a rule without a plan but its techniques.
  base::Diagnostics lint(const CompiledRule& rule) const;

 private:
  void lint_risk(const CompiledRule& rule, base::Diagnostics& out) const;
  // `within`: where the map stands whose search the plan is; null for the rule's own.
  void lint_fields(const CompiledRule& rule, const spl::Plan& plan, const base::Span* within,
                   base::Diagnostics& out) const;
  void lint_techniques(const CompiledRule& rule, base::Diagnostics& out) const;

  const catalog::Catalog& catalog_;
  const cim::Maps& maps_;
  std::set<std::string> known_;                  // raw and add-on fields
  std::map<std::string, std::string> by_lower_;  // lower case -> the known spelling
};

}  // namespace escudo::detect
