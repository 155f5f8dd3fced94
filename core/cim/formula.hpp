#pragma once
// Formula: an expression whose names are resolved: field ids, transforms, value tables. What can be
// wrong with an expression is found here, when the map is loaded.
//
// Borrows the tables it names, which must outlive it. Immutable, thread-safe.

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cim/expression.hpp"
#include "cim/transforms/transform.hpp"
#include "event/field.hpp"

namespace escudo::cim {

// A `values:` table of a map. Keys are kept in lower case: look-ups ignore ASCII case.
using ValueTable = std::map<std::string, std::string, std::less<>>;

// Forms that are no plain functions, because they look at only some arguments or at the event.
enum class Form {
  field,
  constant,
  transform,
  first,   // first(a, b, …): the first that has a value
  choice,  // if(condition, a[, b])
  lookup,  // lookup(x, table[, otherwise])
  alias,   // alias(shown, other, …): shown is the field's value, filters accept the others too
  block,   // event_data_xml(), user_data_xml(), user_data_xml("Wrapper")
};

struct Formula {
  Form form = Form::constant;
  event::FieldId field;                  // field
  std::string text;                      // constant, or the name of the block or transform
  const Transform* transform = nullptr;  // transform
  const ValueTable* table = nullptr;     // lookup
  std::vector<Formula> arguments;
};

using TableScope = std::map<std::string, const ValueTable*, std::less<>>;

base::Result<Formula> resolve(const Expression& expression, const TableScope& tables);
base::Result<Formula> parse_formula(std::string_view text, const TableScope& tables);

// Every field it names, for cycle checks and lints. May repeat.
void fields_named(const Formula& formula, std::vector<event::FieldId>& out);

}  // namespace escudo::cim
