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
  std::uint64_t record_id = 0;  // System/EventRecordID; without one, the id of its header, or the ordinal in its file
  std::string channel;
  std::int32_t event_id = -1;
  base::Time time{};
  bool has_time = false;
  bool recovered = false;
};

struct Evidence {
  std::uint64_t total = 0;
  std::vector<EvidenceEvent> events;  // the first 100 in order of time, then of reading
  bool in_question = false;           // it rests on the record that explain was asked about
};

struct ScoredObject {
  std::string field, type, value;
  double score = 0;
};
struct ThreatValue {
  std::string field, type, value;
};

struct Risk {
  double score = 0;     // the highest of the objects
  std::string message;  // tokens filled
  std::vector<ScoredObject> objects;
  std::vector<ThreatValue> threats;
};

struct Finding {
  std::string finding_id;  // 32 hex digits; never depends on path, time of run or thread
  std::uint32_t revision = 0;
  rules::RulePtr rule;
  std::optional<base::Time> first_time, last_time;
  std::uint64_t count = 0;
  std::vector<std::pair<std::string, event::Value>> fields;  // in the order of the result's columns
  std::optional<Risk> risk;
  Evidence evidence;
};

// Fills risk from the rule and the row (RBA, docs/risk.md). Nothing when the rule defines none.
//   objects  one for every value of a risk object's field; a field that is absent, null, empty or
//            the text "null" (what ESCU fills nulls with) has none. "unknown" counts, as in Splunk.
//   score    the highest of the objects; where the row has none of them, the highest the rule gives
std::optional<Risk> score(const rules::Rule& rule,
                          const std::vector<std::pair<std::string, event::Value>>& fields);

// `message` with every $field$ the row has replaced by its text, values of a multivalue parted by
// ", ". A token of a field the row lacks stays as it is, as in Splunk. One pass: what a value
// brings in is never looked at for tokens.
std::string fill_message(const std::string& message,
                         const std::vector<std::pair<std::string, event::Value>>& fields);

// The fields that `message` names as $field$, each once, in order of appearance.
std::vector<std::string> message_tokens(const std::string& message);

// By first_time (missing last), detection name, then row content: the order of every output. Ties
// (one detection loaded twice) fall to the detection's id and file.
bool comes_before(const Finding& a, const Finding& b);
void sort_findings(std::vector<Finding>& findings);

// The first 32 hex digits of the SHA-256 over the detection id and the pairs of the key, in the
// order given. A text is written as its length in bytes, a colon and the bytes; a pair as its name,
// the number of its values, a colon and each value as text (null has none, 5 and "5" are the same).
// So no two different keys are written alike. docs/risk.md says what makes the key.
// A windowed search adds the start of its window, written like a pair: "window", 1, its UTC time.
std::string finding_id(const rules::Rule& rule,
                       const std::vector<std::pair<std::string, event::Value>>& key,
                       std::optional<base::Time> window = std::nullopt);

}  // namespace escudo::findings
