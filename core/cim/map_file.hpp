#pragma once
// MapFile: one file of content/maps as it stands, checked for shape, its formulas resolved.
//
// Borrowed from for as long as the maps live; immutable after loading.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/yaml.hpp"
#include "cim/formula.hpp"

namespace escudo::cim {

struct FieldRule {
  event::FieldId field;
  Formula formula;
  base::Yaml where;  // for diagnostics
};

struct MemberRule {
  std::string dataset;          // "Endpoint.Processes"
  std::optional<Formula> when;  // none: always
  base::Yaml where;
};

struct EventRule {
  std::vector<std::int32_t> ids;
  std::string provider;           // only events of this provider; empty: any
  std::vector<FieldRule> fields;  // groups first, the event's own after them
  std::vector<MemberRule> members;
};

// Datasets that every event joins which is in none of them by itself, when the user turns it on.
struct SwitchRule {
  std::string name;  // "ta-windows-8"
  std::vector<std::string> datasets;
  base::Yaml where;
};

struct MapFile {
  std::string name;                   // "Sysmon"
  std::string extends;                // name of the map whose fields come first; empty: none
  std::vector<std::string> channels;  // "*": Windows events of channels that no map names
  std::vector<std::string> providers;
  std::vector<std::pair<std::string, std::unique_ptr<ValueTable>>> tables;
  std::vector<FieldRule> fields;  // of every event of these channels
  std::vector<EventRule> events;
  std::vector<SwitchRule> switches;
  std::vector<std::string> raw_fields;  // what the log writes: its `raw` list and its samples
  base::Yaml where;
};

// The file's own shape only; `parent_tables` are those of the map it extends.
// Nothing when it could not be used at all; every fault is added to `problems`.
std::optional<MapFile> read_map(const base::Yaml& document, const TableScope& parent_tables,
                                base::Diagnostics& problems);

}  // namespace escudo::cim
