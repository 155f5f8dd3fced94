#pragma once
// Names of fields where they stand in other text: patterns with wildcards, renames by pattern, the
// $tokens$ of a map search.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "spl/ast.hpp"

namespace escudo::spl {

// Matches a field name against a wildcard (case-sensitive); `captures` get what each '*' stood for.
bool match_name(const std::string& pattern, const std::string& name, std::vector<std::string>* captures = nullptr);
// The $field$ tokens of a map search, where they stand and whether inside quotes.
struct MapToken {
  std::size_t begin = 0, end = 0;
  std::string field;
  bool in_quotes = false;
};
std::vector<MapToken> map_tokens(const std::string& search);
// The new name of a field under `from as to`, nothing when it does not match.
std::optional<std::string> renamed(const FieldPair& pair, const std::string& name);

}  // namespace escudo::spl
