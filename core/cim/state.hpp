#pragma once
// What Maps owns: files, kinds, the table from events to kinds, the models' formulas.

#include <deque>
#include <memory>
#include <shared_mutex>
#include <unordered_map>

#include "cim/kind.hpp"
#include "cim/map_file.hpp"
#include "cim/node.hpp"

namespace escudo::cim {

// The model's rule for one field of one dataset.
struct ModelRule {
  std::optional<Formula> calculate;  // none: the add-on field of that name
  std::string fallback;
};

struct Model {
  std::unordered_map<event::FieldId, ModelRule> fields;
  bool fed = false;
};

struct Maps::State {
  std::vector<std::string> switches;  // that are on
  std::deque<MapFile> files;  // parents before children; addresses are stable
  std::deque<Kind> kinds;     // by index
  KindTable table;
  std::vector<catalog::Dataset> datasets;
  std::unordered_map<std::string, std::uint16_t> dataset_index;
  std::vector<Model> models;  // by dataset

  // belongs() binds a condition once a (kind, dataset, schema).
  std::shared_mutex conditions_lock;
  std::unordered_map<std::uint64_t, NodePtr> conditions;
};

// Fills files, kinds and the table from documents; faults go to `problems`. The datasets stand
// already.
void build_kinds(std::vector<base::Yaml> documents, Maps::State& state,
                 base::Diagnostics& problems);

}  // namespace escudo::cim
