#pragma once
// Knowledge: everything a run knows before the first event: rules, what their names mean, how events
// map, all compiled. Loaded once, immutable, shared by threads.

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "cim/maps.hpp"
#include "detect/rule_book.hpp"
#include "rules/rule.hpp"

namespace escudo::runtime {

struct KnowledgeOptions {
  std::vector<std::string> rules;    // --rules; empty: the content shipped with Escudo
  std::vector<std::string> macros;   // --macros
  std::vector<std::string> compat;   // --compat: switches of the maps
  std::string content;               // folder of the shipped content
};

struct Knowledge {
  rules::RuleSet rule_set;
  catalog::Catalog catalog;
  std::unique_ptr<cim::Maps> maps;
  std::unique_ptr<detect::RuleBook> book;
  // Of everything but the rules' own searches: files that did not load, bad macros, bad maps.
  base::Diagnostics problems;

  std::uint64_t count(detect::Status status) const;
};

// Why a run should rather keep the rules it has than take these: one sentence, "" when they are good.
std::string why_refused(const Knowledge& loaded);

// Never fails as a whole: what did not load stands in `problems`, and the rest works.
std::unique_ptr<const Knowledge> load_knowledge(const KnowledgeOptions& options);

}  // namespace escudo::runtime
