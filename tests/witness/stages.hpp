#pragma once
// Stages: how far single events come through the commands of a pipeline, as the plain interpreter
// (tests/twins) sees it. Comparisons with counts, sums and the like are passed over: how many
// events there are is another question (layouts.hpp).

#include <set>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "spl/plan.hpp"
#include "twin/twin.hpp"

namespace escudo::witness {

class Stages {
 public:
  // Commands after the first that brings in other rows (join, append, map …) are not looked at.
  Stages(const spl::Pipeline& pipeline, std::size_t first, const catalog::Catalog& catalog,
         std::set<std::string> columns);

  // More is better; most() is all that can be.
  std::size_t reached(const std::vector<twin::Fields>& events) const;
  std::size_t most() const { return commands_.size() + columns_.size(); }
  // Whether it looks at all commands: then most() is enough.
  bool whole() const { return whole_; }

 private:
  const catalog::Catalog& catalog_;
  std::vector<spl::Pipeline> commands_;  // one each
  bool whole_ = true;
  std::set<std::string> columns_;  // to have a value in the end
};

}  // namespace escudo::witness
