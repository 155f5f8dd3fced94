#pragma once
// The text formats a log comes in, one file each. All take events and give the whole file's bytes.
// Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "describe/event.hpp"

namespace escudo::writer {

using Events = std::vector<Event>;

std::string attack_data_xml(const Events& events);  // <Event>…</Event> one after another
std::string xml_utf16(const Events& events);        // the same, UTF-16LE with a byte order mark
std::string xml_document(const Events& events);     // as the event viewer exports
std::string nxlog_json(const Events& events);       // NXLog's im_msvistalog through Logstash
std::string flat_json(const Events& events);        // flat, TimeCreated, EventID as text
std::string winlogbeat_json(const Events& events);
std::string splunk_export_json(const Events& events);  // {"result":{…}} a line
std::string evtx_dump_json(const Events& events);      // evtx_dump -o jsonl
std::string evtx_dump_array(const Events& events);     // the same records as one JSON array
std::string sysmon_syslog(const Events& events);       // Sysmon for Linux
std::string evtx(const Events& events);

// By the name manifests use: "evtx", "attack-data", "xml-utf16", "xml", "nxlog", "flat",
// "winlogbeat", "splunk", "evtx_dump", "evtx_dump-array", "syslog". Throws std::invalid_argument
// for another.
std::string write_format(std::string_view name, const Events& events);
std::vector<std::string> format_names();

// One event as XML, attributes in `quote`s; shared by the XML, Splunk and syslog formats.
std::string event_xml(const Event& event, char quote);
// Text with & < > as entities, the way Windows escapes: line feeds and quotes stay, `quote` aside.
std::string escaped_xml(std::string_view text, char quote = 0);

}  // namespace escudo::writer
