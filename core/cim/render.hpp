#pragma once
// The XML of an event, for _raw and the add-ons' *_Xml fields. The source's own text is cut where
// it has one; otherwise (EVTX, JSON) the text is made from the columns, in the order Windows writes
// them. Made text cannot know elements that hold no value, nor the nesting of UserData beyond one
// wrapper.
//
// Results live in `scratch` or in the event. Thread-safe.

#include <string_view>

#include "base/arena.hpp"
#include "event/event.hpp"

namespace escudo::cim {

std::string_view raw_text(const event::Event& event, base::Arena& scratch);

enum class Block { system, event_data, user_data };
// The inside of <System>, <EventData> or <UserData>; empty when the event has no such block.
std::string_view block_text(Block block, std::string_view wrapper, const event::Event& event,
                            base::Arena& scratch);

}  // namespace escudo::cim
