// A flat object with EventID, Channel and TimeCreated beside the fields of EventData, as scripts
// and pipelines write it; seen in OTRF's logs. EventID may be text, the provider may be missing:
// the draft then takes it from the channel. Tested by tests/unit/sources/json_shapes.cpp.

#include <iterator>

#include "sources/jsonl/shape.hpp"

namespace escudo::sources {
namespace {

using event::Section;

// ProcessID, ThreadID and EventType are left to EventData: some events have fields of that name,
// and nothing tells them from those of System.
constexpr Member members[] = {
    {"EventID", Section::system, {}},
    {"EventId", Section::system, "EventID"},
    {"SourceName", Section::system, "Name"},
    {"ProviderName", Section::system, "Name"},
    {"Provider", Section::system, "Name"},
    {"ProviderGuid", Section::system, "Guid"},
    {"Qualifiers", Section::system, {}},
    {"Version", Section::system, {}},
    {"Level", Section::system, {}},
    {"Task", Section::system, {}},
    {"Opcode", Section::system, {}},
    {"Keywords", Section::system, {}},
    {"TimeCreated", Section::system, "SystemTime"},
    {"SystemTime", Section::system, {}},
    {"EventRecordID", Section::system, {}},
    {"RecordNumber", Section::system, "EventRecordID"},
    {"RecordId", Section::system, "EventRecordID"},
    {"ActivityID", Section::system, {}},
    {"RelatedActivityID", Section::system, {}},
    {"ExecutionProcessID", Section::system, "ProcessID"},
    {"ExecutionThreadID", Section::system, "ThreadID"},
    {"Channel", Section::system, {}},
    {"LogName", Section::system, "Channel"},
    {"Hostname", Section::system, "Computer"},
    {"Computer", Section::system, {}},
    {"ComputerName", Section::system, "Computer"},
    {"MachineName", Section::system, "Computer"},
    {"UserID", Section::system, {}},
    {"EventTime", Section::envelope, {}},
    {"Message", Section::envelope, {}},
    {"tags", Section::envelope, {}},
    {"host", Section::envelope, {}},
    {"port", Section::envelope, {}},
    {"type", Section::envelope, {}},
};

class Flat final : public Shape {
 public:
  std::string_view name() const override { return "flat"; }

  bool fits(simdjson::dom::object object) const override {
    const auto has = [&](std::string_view key) { return !object.at_key(key).error(); };
    if (!has("EventID") && !has("EventId")) return false;
    return has("Channel") || has("LogName") || has("SourceName") || has("ProviderName") ||
           has("Provider");
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

std::unique_ptr<Shape> flat_shape() { return std::make_unique<Flat>(); }

}  // namespace escudo::sources
