#pragma once
// Events out again, for `escudo dump`: as the XML text attack_data keeps, as plain XML, or as the JSON
// objects of `evtx_dump -o jsonl`.
//
// An event that came as XML keeps its own text, tidied; others are written from their fields. The
// functions are pure and thread-safe.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "event/event.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {

// Takes events one after another; one writer, one thread.
class EventWriter {
 public:
  virtual ~EventWriter() = default;
  virtual void add(const event::Event& event) = 0;
  virtual void finish() {}
};

struct EventFormat {
  std::string_view name;         // jsonl, xml, attack-data
  std::string_view begin, end;   // around all events
  void (*append)(const event::Event& event, std::string& out);   // with the line end
};

base::Result<const EventFormat*> event_format(const std::string& name);

// The parts, for tests.
// One <Event> on one line, single-quoted attributes, blanks between tags dropped, values untouched.
std::string attack_data_text(const event::Event& event);
std::string evtx_dump_json(const event::Event& event);

}  // namespace escudo::sinks
