#pragma once
// Reads a source to its end and keeps what tests ask about.

#include <string>
#include <utility>
#include <vector>

#include "sources/source.hpp"

namespace escudo::sources {

struct ReadEvent {
  std::vector<std::pair<std::string, std::string>> fields;  // the names rules use, in record order
  std::vector<event::Section> sections;
  std::string time, channel, provider, raw;
  std::int32_t event_id = -1;
  std::uint64_t record_id = 0, header_id = 0, ordinal = 0;
  bool recovered = false;

  // All values of a field as Splunk shows them, parted by '|'; "(none)" when no column has it.
  std::string operator[](const std::string& name) const {
    const auto slots = schema->slots(event::find_field(name));
    if (slots.empty()) return "(none)";
    std::string out;
    for (std::size_t i = 0; i < slots.size(); ++i) out += (i ? "|" : "") + fields[slots[i]].second;
    return out;
  }
  event::Section section(const std::string& name) const {
    return schema->columns()[schema->slots(event::find_field(name)).front()].section;
  }
  const event::Schema* schema = nullptr;
};

struct Reading {
  std::vector<ReadEvent> events;
  std::vector<FileReport> reports;
  std::vector<std::string> origins;  // one an event
  std::uint64_t bytes_read = 0;

  const FileReport& report() const { return reports.front(); }
  std::uint64_t damaged() const {
    std::uint64_t n = 0;
    for (const FileReport& r : reports) n += r.damaged;
    return n;
  }
};

inline Reading read_all(Source& source) {
  Reading reading;
  event::Batch batch;
  while (source.next(batch)) {
    for (const event::Event& e : batch.events) {
      ReadEvent& kept = reading.events.emplace_back();
      kept.schema = e.schema;
      for (std::size_t i = 0; i < e.values.size(); ++i) {
        const event::Column& column = e.schema->columns()[i];
        kept.fields.emplace_back(event::name_of(column.field), e.values[i]);
        kept.sections.push_back(column.section);
      }
      kept.time = e.has_time ? base::format_utc_micros(e.time) : "";
      kept.channel = e.channel;
      kept.provider = e.provider;
      kept.raw = e.raw;
      kept.event_id = e.event_id;
      kept.record_id = e.record_id;
      kept.header_id = e.header_id;
      kept.ordinal = e.ordinal;
      kept.recovered = e.recovered;
      reading.origins.push_back(batch.origin->path);
    }
  }
  reading.reports = source.reports();
  reading.bytes_read = source.bytes_read();
  return reading;
}

inline Reading read_text(std::string bytes, const OpenOptions& options = {},
                         const std::string& name = "log") {
  return read_all(*open_memory(std::move(bytes), name, options));
}

inline Reading read_path(const std::string& path, const OpenOptions& options = {}) {
  return read_all(*open(path, options));
}

// A Sysmon process creation, as one line of XML.
inline std::string sysmon_xml(const std::string& command_line, int record_id = 7) {
  return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
         "<Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'/>"
         "<EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode>"
         "<Keywords>0x8000000000000000</Keywords>"
         "<TimeCreated SystemTime='2024-03-01T10:20:30.123456700Z'/><EventRecordID>" +
         std::to_string(record_id) +
         "</EventRecordID><Correlation/><Execution ProcessID='11' ThreadID='12'/>"
         "<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host.example</Computer>"
         "<Security UserID='S-1-5-18'/></System><EventData>"
         "<Data Name='UtcTime'>2024-03-01 10:20:29.999</Data><Data Name='CommandLine'>" +
         command_line + "</Data></EventData></Event>";
}

inline std::string shared_path(const std::string& name) {
  return std::string(ESCUDO_SHARED) + "/" + name;
}

}  // namespace escudo::sources
