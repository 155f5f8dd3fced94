#pragma once
// EventWriter: events out again, for `escudo dump`: as the XML text attack_data keeps, as plain XML, or
// as the JSON objects of `evtx_dump -o jsonl`.
//
// An event that came as XML keeps its own text, tidied; others are written from their fields.
// Threads: one writer, one thread. `out` must outlive it.

#include <memory>
#include <string>

#include "base/result.hpp"
#include "event/event.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {

class EventWriter {
 public:
  virtual ~EventWriter() = default;
  virtual void add(const event::Event& event) = 0;
  virtual void finish() {}
};

// format: jsonl, xml, attack-data.
base::Result<std::unique_ptr<EventWriter>> make_event_writer(const std::string& format, Output& out);

// The parts, for tests.
// One <Event> on one line, single-quoted attributes, blanks between tags dropped, values untouched.
std::string attack_data_text(const event::Event& event);
std::string evtx_dump_json(const event::Event& event);

}  // namespace escudo::sinks
