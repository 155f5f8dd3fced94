#include "sinks/event_writer.hpp"

#include "base/text.hpp"

namespace escudo::sinks {
namespace {

void append_xml(const event::Event& event, std::string& out) {
  out += attack_data_text(event);
  out += '\n';
}

void append_json(const event::Event& event, std::string& out) {
  // A reader that was asked for this form has written it already, types and nesting included.
  if (event.raw.starts_with("{\"Event\":")) {
    out += event.raw;
  } else {
    out += evtx_dump_json(event);
  }
  out += '\n';
}

constexpr EventFormat kFormats[] = {
    {"jsonl", "", "", append_json},
    {"xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Events>\n", "</Events>\n", append_xml},
    {"attack-data", "", "", append_xml},
};

}  // namespace

base::Result<const EventFormat*> event_format(const std::string& name) {
  for (const EventFormat& format : kFormats)
    if (format.name == name) return &format;
  return base::Error{"events are dumped as jsonl, xml or attack-data, not as `" + base::harmless(name) + "`"};
}

}  // namespace escudo::sinks
