#pragma once
// Event: one record of a log, as views into its batch. Batch: a few hundred events and their bytes.
//
// Every source gives the same raw names, those of Splunk's Windows and Sysmon add-ons for XML:
//   System section: Name (provider) Guid EventSourceName EventID Qualifiers Version Level Task
//   Opcode Keywords SystemTime EventRecordID ActivityID RelatedActivityID ProcessID ThreadID
//   Channel Computer UserID; then each <Data Name='X'> as X (unnamed ones as "Data"), the leaves of
//   UserData under their element names. Values are text with entities decoded. auditd and plain
//   text sources name their own.
//
// Lifetime: an Event and all its views are valid until its Batch is cleared or destroyed.
// Threads: a batch belongs to one thread at a time.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/timestamp.hpp"
#include "event/schema.hpp"

namespace escudo::event {

// Where events come from. Shared by batches and by the evidence of findings.
struct Origin {
  std::string path;        // as the user named it, with '/'; "logs.zip!inner.json" in archives
  std::string source;      // Splunk `source`, when the caller sets it; empty: made from the channel
  std::string sourcetype;  // the same for `sourcetype`
  std::string host;        // the same for `host`
};

struct Event {
  const Schema* schema = nullptr;
  std::span<const std::string_view> values;  // as long as schema->columns(); empty text = absent
  base::Time time{};
  bool has_time = false;
  bool recovered = false;           // carved or salvaged, not a live record
  std::int32_t event_id = -1;       // -1 when there is none
  std::uint64_t record_id = 0;      // System/EventRecordID, 0 when there is none
  std::uint64_t header_id = 0;      // EVTX record header id (exports renumber it), 0 elsewhere
  std::uint64_t ordinal = 0;        // position in its file, from 1: names a record without ids
  std::string_view channel;
  std::string_view provider;
  std::string_view raw;             // what Splunk would index as _raw; empty when there is none

  // First value of `field`, empty when absent. For one-off looks; hot paths resolve slots per
  // schema.
  std::string_view get(FieldId field) const {
    auto slots = schema->slots(field);
    return slots.empty() ? std::string_view{} : values[slots.front()];
  }
};

struct Batch {
  std::shared_ptr<const Origin> origin;  // one origin a batch
  std::vector<Event> events;
  base::Arena arena{256 * 1024};

  void clear() { events.clear(); arena.clear(); origin.reset(); }
};

}  // namespace escudo::event
