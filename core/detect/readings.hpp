#pragma once
// Readings: where a detection rests on a behaviour of Splunk that documents leave open or
// contradict. Each is read one way, told in docs/spl.md or docs/cim.md; a note names it. No note
// changes a status.

#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "detect/reach.hpp"
#include "detect/rule_book.hpp"

namespace escudo::detect {

// One sentence each, in a fixed order.
std::vector<std::string> readings(const CompiledRule& rule, const catalog::Catalog& catalog,
                                  const Reach& reach);

}  // namespace escudo::detect
