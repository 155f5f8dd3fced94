#include "formats/formats.hpp"

#include <stdexcept>
#include <utility>

#include "binxml/evtx_file.hpp"
#include "describe/event_record.hpp"

namespace escudo::writer {
namespace {

using Writer = std::string (*)(const Events&);

constexpr std::pair<const char*, Writer> writers[] = {
    {"evtx", evtx},
    {"attack-data", attack_data_xml},
    {"xml-utf16", xml_utf16},
    {"xml", xml_document},
    {"nxlog", nxlog_json},
    {"flat", flat_json},
    {"winlogbeat", winlogbeat_json},
    {"splunk", splunk_export_json},
    {"evtx_dump", evtx_dump_json},
    {"evtx_dump-array", evtx_dump_array},
    {"syslog", sysmon_syslog},
};

}  // namespace

std::string evtx(const Events& events) {
  EvtxImage image;
  EventTemplates templates;
  std::uint64_t id = 0;  // exports count from 1
  for (const Event& e : events) image.add(++id, e.time, templates.record(e));
  return image.bytes();
}

std::string write_format(std::string_view name, const Events& events) {
  for (const auto& [known, writer] : writers) {
    if (name == known) return writer(events);
  }
  throw std::invalid_argument("no format is named " + std::string(name));
}

std::vector<std::string> format_names() {
  std::vector<std::string> out;
  for (const auto& [name, writer] : writers) out.push_back(name);
  return out;
}

}  // namespace escudo::writer
