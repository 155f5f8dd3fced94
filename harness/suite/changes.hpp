#pragma once
// Which detections a change of files concerns. Reads only the changed macros and lookups, for
// their names.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "detect/rule_book.hpp"

namespace escudo::harness {

// Absolute, folders without links, the file itself as it is, a link or not.
std::string as_git_names_it(const std::string& path);

// Paths of rules whose file is in `changed` (as git names them), or that use a macro or lookup
// whose file is, and of `failed` files that are. `original` gives the path a rule's file has in the
// work tree that `changed` speaks of.
std::set<std::string> affected_files(
    const detect::RuleBook& book, const std::vector<std::string>& failed,
    const std::set<std::string>& changed,
    const std::function<std::string(const std::string&)>& original);

}  // namespace escudo::harness
