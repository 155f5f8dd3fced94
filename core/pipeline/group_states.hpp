#pragma once
// GroupStates: the groups of one tstats or stats from outside, while rows still come: which of them
// changed, what their row is by now, and their state as bytes. For runs that never end; a run over
// recorded logs never asks. Lives in its operator; one thread.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/pack.hpp"
#include "pipeline/row.hpp"

namespace escudo::pipeline {

class GroupStates {
 public:
  // What save() gave for a group that is not in memory, nothing for one that is new. `key` is opaque.
  using Recall = std::function<std::optional<std::string>(const std::string& key)>;

  virtual ~GroupStates() = default;
  // From now on changes are noted, and groups that were forgotten come back through `recall`.
  virtual void watch(Recall recall) = 0;
  // The groups that got rows since the last call, each once.
  virtual std::vector<std::string> take_changed() = 0;
  // The group's row as finish() would give it now; no row when it is not in memory.
  virtual Table row_of(const std::string& key) const = 0;
  virtual const Evidence& evidence_of(const std::string& key) const = 0;
  virtual void save(const std::string& key, base::Packer& out) const = 0;   // one in memory
  // Brings back a group that was saved, without a row for it. False when nothing was.
  virtual bool restore(const std::string& key) = 0;
  virtual void forget(const std::string& key) = 0;
  virtual std::size_t size() const = 0;
};

}  // namespace escudo::pipeline
