#include "sinks/system_layout.hpp"

namespace escudo::sinks {

std::span<const SystemElement> system_layout() {
  static const std::vector<SystemElement> layout = {
      {"Provider", "", {{"Name", "Name"}, {"Guid", "Guid"}, {"EventSourceName", "EventSourceName"}}},
      {"EventID", "EventID", {{"Qualifiers", "Qualifiers"}}},
      {"Version", "Version", {}},
      {"Level", "Level", {}},
      {"Task", "Task", {}},
      {"Opcode", "Opcode", {}},
      {"Keywords", "Keywords", {}},
      {"TimeCreated", "", {{"SystemTime", "SystemTime"}}},
      {"EventRecordID", "EventRecordID", {}},
      {"Correlation", "", {{"ActivityID", "ActivityID"}, {"RelatedActivityID", "RelatedActivityID"}}},
      {"Execution", "", {{"ProcessID", "ProcessID"}, {"ThreadID", "ThreadID"}}},
      {"Channel", "Channel", {}},
      {"Computer", "Computer", {}},
      {"Security", "", {{"UserID", "UserID"}}},
  };
  return layout;
}

std::string_view system_value(const event::Event& event, std::string_view field) {
  const event::FieldId id = event::find_field(field);
  const auto columns = event.schema->columns();
  for (std::size_t k = 0; k < columns.size(); ++k)
    if (columns[k].field == id && columns[k].section == event::Section::system) return event.values[k];
  return {};
}

}  // namespace escudo::sinks
