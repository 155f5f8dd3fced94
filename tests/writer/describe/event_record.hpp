#pragma once
// Event -> BinXML, with the two templates a Windows record has: one for <Event> and <System>, whose
// last slot holds a second instance for EventData or UserData. Templates are shared between events
// of one shape, so a chunk defines each once.
//
// One EventTemplates belongs to one thread.

#include <map>
#include <memory>
#include <string>

#include "binxml/binxml.hpp"
#include "describe/event.hpp"

namespace escudo::writer {

class EventTemplates {
 public:
  Fragment record(const Event& event);

  // The outer template; exposed for those who fill the slots themselves (bench). Slots: 0 Level,
  // 1 Opcode, 2 Task, 3 EventID, 4 Qualifiers, 5 Keywords, 6 TimeCreated, 7 ActivityID, 8
  // ProcessID, 9 ThreadID, 10 EventRecordID, 11 Version, 12 UserID, 13 RelatedActivityID, 14
  // provider name, 15 provider GUID, 16 Channel, 17 the body.
  std::shared_ptr<const Template> outer(const std::string& computer,
                                        const std::string& source_name);

 private:
  std::shared_ptr<const Template> cached(const std::string& key,
                                         std::vector<Node> (*make)(const Event&),
                                         const Event& event);
  std::map<std::string, std::shared_ptr<const Template>> templates_;
};

// The same event without any template, as forwarded and imported records come: all text, no slots.
Fragment direct_record(const Event& event);

constexpr const char* event_namespace = "http://schemas.microsoft.com/win/2004/08/events/event";

}  // namespace escudo::writer
