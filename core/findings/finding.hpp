#pragma once
// Finding: one row of one detection's result, with its risk and the records that made it.
// Value type. The JSON form is a contract: docs/cli.md.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/timestamp.hpp"
#include "event/event.hpp"
#include "event/value.hpp"
#include "rules/rule.hpp"

namespace escudo::findings {

// One record that made a finding.
struct EvidenceEvent {
  std::shared_ptr<const event::Origin> origin;
  std::uint64_t record_id = 0;   // System/EventRecordID; where there is none, the ordinal in its file
  std::string channel;
  std::int32_t event_id = -1;
  base::Time time{};
  bool has_time = false;
  bool recovered = false;
};

struct Evidence {
  std::uint64_t total = 0;
  std::vector<EvidenceEvent> events;   // the first 100 in order of time, then of reading
};

struct ScoredObject {
  std::string field, type, value;
  double score = 0;
};
struct ThreatValue {
  std::string field, type, value;
};

struct Risk {
  double score = 0;              // the highest of the objects
  std::string message;           // tokens filled
  std::vector<ScoredObject> objects;
  std::vector<ThreatValue> threats;
};

struct Finding {
  std::string finding_id;        // 32 hex digits; never depends on path, time of run or thread
  std::uint32_t revision = 0;
  rules::RulePtr rule;
  std::optional<base::Time> first_time, last_time;
  std::uint64_t count = 0;
  std::vector<std::pair<std::string, event::Value>> fields;   // in the order of the result's columns
  std::optional<Risk> risk;
  Evidence evidence;
};

// Fills risk from the rule and the row (RBA, docs/risk.md). Nothing when the rule defines none.
std::optional<Risk> score(const rules::Rule& rule,
                          const std::vector<std::pair<std::string, event::Value>>& fields);

// By first_time (missing last), detection name, then row content: the order of every output.
void sort_findings(std::vector<Finding>& findings);

// Hash of the detection id and the key values, as docs/cli.md defines it.
std::string finding_id(const rules::Rule& rule,
                       const std::vector<std::pair<std::string, event::Value>>& key);

}  // namespace escudo::findings
