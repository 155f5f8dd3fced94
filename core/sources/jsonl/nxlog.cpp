// NXLog's im_msvistalog: one flat object, its own fields beside those of EventData.
// https://docs.nxlog.co names them; seen in OTRF's logs. Tested by
// tests/unit/sources/json_shapes.cpp.

#include <iterator>

#include "sources/jsonl/shape.hpp"

namespace escudo::sources {
namespace {

using event::Section;

// AccountName and Domain are who NXLog resolved UserID to, host and port where the collector got
// the event from: facts about the collection, which no rule may take for the event's user or host.
constexpr Member members[] = {
    {"SourceName", Section::system, "Name"},
    {"ProviderGuid", Section::system, "Guid"},
    {"EventID", Section::system, {}},
    {"Qualifiers", Section::system, {}},
    {"Version", Section::system, {}},
    {"Level", Section::system, {}},
    {"LevelValue", Section::system, "Level"},
    {"Task", Section::system, {}},
    {"TaskValue", Section::system, "Task"},
    {"OpcodeValue", Section::system, "Opcode"},
    {"Keywords", Section::system, {}},
    {"TimeCreated", Section::system, "SystemTime"},
    {"RecordNumber", Section::system, "EventRecordID"},
    {"ActivityID", Section::system, {}},
    {"RelatedActivityID", Section::system, {}},
    {"ExecutionProcessID", Section::system, "ProcessID"},
    {"ThreadID", Section::system, {}},
    {"ExecutionThreadID", Section::system, "ThreadID"},
    {"Channel", Section::system, {}},
    {"Hostname", Section::system, "Computer"},
    {"UserID", Section::system, {}},
    // NXLog's own EventType is a severity; what the event calls so (Sysmon's SetValue) is moved
    // aside.
    {"EventTypeOrignal", Section::event_data, "EventType"},
    {"EventTypeOriginal", Section::event_data, "EventType"},
    {"EventType", Section::envelope, {}},
    {"EventTime", Section::envelope, {}},
    {"EventReceivedTime", Section::envelope, {}},
    {"Opcode", Section::envelope, {}},
    {"Category", Section::envelope, {}},
    {"Severity", Section::envelope, {}},
    {"SeverityValue", Section::envelope, {}},
    {"SourceModuleName", Section::envelope, {}},
    {"SourceModuleType", Section::envelope, {}},
    {"AccountName", Section::envelope, {}},
    {"AccountType", Section::envelope, {}},
    {"Domain", Section::envelope, {}},
    {"Message", Section::envelope, {}},
    {"MessageSourceAddress", Section::envelope, {}},
    {"@timestamp", Section::envelope, {}},
    {"@version", Section::envelope, {}},
    {"tags", Section::envelope, {}},
    {"host", Section::envelope, {}},
    {"port", Section::envelope, {}},
    {"type", Section::envelope, {}},
};

class Nxlog final : public Shape {
 public:
  std::string_view name() const override { return "nxlog"; }

  bool fits(simdjson::dom::object object) const override {
    if (object.at_key("EventTime").error() || object.at_key("EventID").error()) return false;
    for (std::string_view own : {"SourceModuleType", "SourceModuleName", "EventReceivedTime",
                                 "ExecutionProcessID", "SeverityValue"}) {
      if (!object.at_key(own).error()) return true;
    }
    return false;
  }

  void leaf(std::string_view path, std::string_view text) override {
    if (const Member* member = find_member(std::begin(members), std::end(members), path)) {
      add(member->section, member->written, text, member->field);
    } else {
      add(path.starts_with('@') ? Section::envelope : Section::event_data, path, text);
    }
  }
};

}  // namespace

std::unique_ptr<Shape> nxlog_shape() { return std::make_unique<Nxlog>(); }

}  // namespace escudo::sources
